/** What the server sends in place of a page: its ground and its header bar, with nothing in them yet. */
export function EmptyShell() {
  return (
    <div className="empty-shell" aria-busy="true">
      <div />
    </div>
  )
}
