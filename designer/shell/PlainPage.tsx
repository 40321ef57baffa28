import type { ReactNode } from 'react'

/** A page of a few words, which also stands where nothing of Fluent is loaded. */
export function PlainPage(props: {
  title: string
  text: string
  link?: { href: string; text: string }
  children?: ReactNode
}) {
  const { title, text, link, children } = props
  return (
    <main className="plain-page">
      <h1>{title}</h1>
      <p>{text}</p>
      {children}
      {link && <a href={link.href}>{link.text}</a>}
    </main>
  )
}
