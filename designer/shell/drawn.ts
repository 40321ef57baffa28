/** Resolves when the blocks are drawn: the canvas measures itself in a first frame, and draws them in a second. */
export const drawn = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))
    // No frames come to a page in the background.
    setTimeout(done, 300)
  })
