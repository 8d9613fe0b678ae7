/** Discs that players play, in Spanish. */
import { bytes, count, form, isolated, items, quoted } from './words.ts';

export const video = {
  video: {
    title: 'Vídeo',
    intro:
      'Suelte una carpeta VIDEO_TS (DVD) o BDMV (Blu-ray), o la carpeta que la contiene, tal como la escriben los programas de películas.',
    player: 'Se reproduce en',
    players: { dvd: 'Reproductores de DVD', bd: 'Reproductores de Blu-ray' },
    none: 'Todavía no se sabe',
    complete: 'Está todo lo que buscan los reproductores.',
    mendNames: 'Corregir los nombres',
    addAudio: 'Añadir un AUDIO_TS vacío',
    problems: {
      noFolder: () => ({
        what: 'Aquí no hay ninguna carpeta VIDEO_TS ni BDMV.',
        todo: 'Añada una tal como la escribe un programa de películas. Las películas en archivos sueltos van en un disco de datos.',
      }),
      noVideoTs: () => ({
        what: 'No hay ninguna carpeta VIDEO_TS en el nivel superior del disco.',
        todo: 'Añádala o elija reproductores de Blu-ray.',
      }),
      noBdmv: () => ({
        what: 'No hay ninguna carpeta BDMV en el nivel superior del disco.',
        todo: 'Añádala o elija reproductores de DVD.',
      }),
      needsBridge: () => ({
        what: 'Los reproductores de DVD buscan ISO 9660 y UDF.',
        todo: 'Active ambos.',
      }),
      needsUdf: () => ({ what: 'Los reproductores de Blu-ray buscan UDF.', todo: 'Actívelo.' }),
      missing: (path: string) => ({
        what: `Falta ${isolated(path)}.`,
        todo: 'Haga que el programa que creó la carpeta la escriba otra vez, o cópiela entera de nuevo.',
      }),
      case: (first: string, name: string, n: number) => ({
        what:
          n === 1
            ? `${quoted(first)} debe llamarse ${quoted(name)}: los reproductores distinguen mayúsculas y minúsculas.`
            : `${quoted(first)} y ${items(n - 1, 'nombre', 'nombres')} más tienen mal las mayúsculas y minúsculas; el primero debe ser ${quoted(name)}.`,
        todo: 'Haga que se corrijan los nombres.',
      }),
      size: (path: string, size: number) => ({
        what:
          size === 0
            ? `${isolated(path)} está vacío.`
            : `${isolated(path)} tiene ${bytes(size)}, y los reproductores leen hasta 1 GB.`,
        todo:
          size === 0
            ? 'Cópielo de nuevo.'
            : 'Haga que el programa que creó la carpeta divida la película como lo necesitan los DVD.',
      }),
      noBackup: (path: string) => ({
        what: `Falta ${isolated(path)}.`,
        todo: 'Los reproductores lo usan cuando el disco está rayado. Es una copia del IFO del mismo nombre.',
      }),
      noVideo: (path: string) => ({
        what: `Falta ${isolated(path)}.`,
        todo: 'Este título no tiene película.',
      }),
      noClip: (path: string) => ({
        what: `Falta ${isolated(path)}.`,
        todo: 'Los reproductores no reproducen la secuencia a la que pertenece.',
      }),
      noSet: (set: string) => ({
        what: `No hay título ${isolated(set)}, pero sí uno posterior.`,
        todo: 'Los reproductores cuentan los títulos sin huecos.',
      }),
      notInformation: (path: string) => ({
        what: `${isolated(path)} no es lo que dice su nombre.`,
        todo: 'Los reproductores no lo aceptarán. Cópielo de nuevo.',
      }),
      strangers: (first: string, n: number) => ({
        what:
          n === 1
            ? `Ningún reproductor busca ${isolated(first)}.`
            : `Ningún reproductor busca ${isolated(first)} ni ${count(n - 1)} más.`,
        todo: form(n, {
          one: 'No hace daño, pero puede dejarse fuera.',
          other: 'No hacen daño, pero pueden dejarse fuera.',
        }),
      }),
      noAudioTs: () => ({
        what: 'No hay ninguna carpeta AUDIO_TS.',
        todo: 'Algunos reproductores antiguos la buscan. Puede estar vacía.',
      }),
      noBackupFolder: () => ({
        what: 'No hay ninguna carpeta BDMV/BACKUP.',
        todo: 'Los reproductores la usan cuando el disco está rayado.',
      }),
    },
  },
};
