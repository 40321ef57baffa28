/** The number given as `--name=number`, or `otherwise`. */
export function option(name: string, otherwise: number): number {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
  const number = given === undefined ? otherwise : Number(given)
  if (!Number.isFinite(number) || number < 0) throw new Error(`--${name} must be a number, not "${given}".`)
  return number
}
