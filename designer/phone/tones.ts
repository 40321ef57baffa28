/** The two notes of each key, in hertz. ITU-T Q.23. */
const notes: Readonly<Record<string, readonly [number, number]>> = {
  '1': [697, 1209],
  '2': [697, 1336],
  '3': [697, 1477],
  '4': [770, 1209],
  '5': [770, 1336],
  '6': [770, 1477],
  '7': [852, 1209],
  '8': [852, 1336],
  '9': [852, 1477],
  '*': [941, 1209],
  '0': [941, 1336],
  '#': [941, 1477],
}

const seconds = 0.12

/** Sounds a key as telephones do. `volume` from 0 to 1. */
export function soundKey(audio: AudioContext, key: string, volume: number): void {
  const gain = audio.createGain()
  const from = audio.currentTime
  // Without the short rise and fall each tone would begin and end with a click.
  gain.gain.setValueAtTime(0, from)
  gain.gain.linearRampToValueAtTime(volume * 0.15, from + 0.01)
  gain.gain.setValueAtTime(volume * 0.15, from + seconds - 0.01)
  gain.gain.linearRampToValueAtTime(0, from + seconds)
  gain.connect(audio.destination)
  for (const frequency of notes[key] ?? []) {
    const oscillator = audio.createOscillator()
    oscillator.frequency.value = frequency
    oscillator.connect(gain)
    oscillator.start(from)
    oscillator.stop(from + seconds)
  }
}
