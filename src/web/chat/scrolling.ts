import { useEffect, useLayoutEffect, useRef, useState } from 'react'

/** How near to the end, in pixels, a reader still counts as reading the end. */
const near = 96

/**
 * Keeps the page at its end while the reader is there and leaves it alone when they have scrolled up. `away` says that
 * they are up there; `toEnd` brings them down. Nothing moves while the thread is `empty`: one reads that from the top.
 */
export function useFollowing(growing: unknown, empty: boolean): { away: boolean; toEnd: () => void } {
  const following = useRef(true)
  const [away, setAway] = useState(false)

  useEffect(() => {
    const onScroll = () => {
      const page = document.documentElement
      following.current = page.scrollHeight - page.scrollTop - page.clientHeight < near
      setAway(!following.current)
    }
    const onResize = () => following.current && scrollToEnd()
    window.addEventListener('scroll', onScroll, { passive: true })
    window.addEventListener('resize', onResize)
    return () => {
      window.removeEventListener('scroll', onScroll)
      window.removeEventListener('resize', onResize)
    }
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the thread grows
  useLayoutEffect(() => {
    if (following.current && !empty) scrollToEnd()
  }, [growing, empty])

  return {
    away,
    toEnd() {
      following.current = true
      setAway(false)
      scrollToEnd()
    },
  }
}

function scrollToEnd() {
  const page = document.documentElement
  page.scrollTop = page.scrollHeight
}
