/**
 * The value of a sum such as `2 * (3.5 - 1)`: numbers, brackets and the four operations, the usual ones first.
 * @returns null for anything else, division by zero included
 */
export function evaluate(expression: string): number | null {
  if (!/^[\d+\-*/(). ]*$/.test(expression)) return null
  const tokens = expression.match(/\d+(?:\.\d*)?|\.\d+|[+\-*/()]|\S/g) ?? []
  let at = 0
  const takes = (...symbols: string[]): string | undefined => {
    const token = tokens[at]
    if (token === undefined || !symbols.includes(token)) return undefined
    at += 1
    return token
  }

  function sum(): number {
    let value = product()
    for (let sign = takes('+', '-'); sign; sign = takes('+', '-')) value += sign === '+' ? product() : -product()
    return value
  }
  function product(): number {
    let value = factor()
    for (let sign = takes('*', '/'); sign; sign = takes('*', '/'))
      value = sign === '*' ? value * factor() : value / factor()
    return value
  }
  function factor(): number {
    if (takes('-')) return -factor()
    if (takes('+')) return factor()
    if (takes('(')) {
      const value = sum()
      return takes(')') ? value : Number.NaN
    }
    const value = Number(tokens[at] ?? 'nothing')
    at += 1
    return value
  }

  const value = sum()
  return at === tokens.length && Number.isFinite(value) ? value : null
}
