/** What a flow is checked by, and how its expressions are read: a tenth of the page's script, for which no drawing has to wait. */
export { check } from '#flow/check.ts'
export { surroundingsOf } from '#flow/compile.ts'
