/** As much of an element as is read here; the tree itself is made without a browser. */
export interface HtmlElement {
  nodeName: string
  parentNode: HtmlElement | null
  ownerDocument: { documentElement: HtmlElement | null }
  getAttribute(name: string): string | null
  hasAttribute(name: string): boolean
}
