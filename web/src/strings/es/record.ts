/** What is shown of a job over time: its chart, its map, its log, in Spanish. */
import { bytes, count, form, format, items } from './words.ts';

/** 8, 5,3 */
function times(value: number): string {
  return `${count(Math.round(value * 10) / 10)}×`;
}

export const record = {
  chart: {
    titles: {
      writing: 'Velocidad de grabación',
      verifying: 'Velocidad de comprobación',
      reading: 'Velocidad de lectura',
    },
    speed: 'Velocidad',
    position: 'Posición en el disco',
    buffer: 'Búfer del agente',
    driveBuffer: 'Búfer de la unidad',
    buffers: 'Búferes',
    times,
    rateTick: (bytesPerSecond: number) => count(bytesPerSecond / 1e6),
    rateUnit: 'MB/s',
    summary: (now: string, average: string, slowest: string, fastest: string, fraction: number) =>
      `Al ${format.percent(fraction)}: ${now}. De media ${average}, mínima ${slowest}, máxima ${fastest}.`,
    leastBuffer: (agent: number, drive: number | null) =>
      `El búfer del agente nunca bajó del ${format.percent(agent / 100)}${
        drive === null ? '' : `, ni el de la unidad del ${format.percent(drive / 100)}`
      }.`,
    rate: (bytesPerSecond: number, single: number | null) =>
      single === null || single === 0
        ? format.rate(bytesPerSecond)
        : `${format.rate(bytesPerSecond)} (${times(bytesPerSecond / single)})`,
    table: 'Lo mismo en una tabla',
    columns: {
      at: 'En',
      time: 'Tiempo',
      speed: 'Velocidad',
      buffer: 'Búfer del agente',
      driveBuffer: 'Búfer de la unidad',
    },
    unknown: '–',
  },
  sectors: {
    title: 'Mapa del disco',
    states: {
      unread: 'sin leer todavía',
      good: 'leído y correcto',
      weak: 'correcto al segundo intento',
      failing: 'no leído por ahora; se intentará de nuevo',
      different: 'difiere de la imagen',
      unreadable: 'no se puede leer',
    },
    weakHelp:
      'Las partes que solo se leen al segundo intento suelen ser las primeras en perderse. Copie pronto un disco así.',
    cell: (from: number, to: number, state: string) => `Bloques ${count(from)} a ${count(to)}: ${state}`,
    each: (size: number) => `Cada cuadro son ${bytes(size)}.`,
    summary: (parts: readonly string[]) => `De los cuadros, ${parts.join(', ')}.`,
    part: (n: number, state: string) => `${count(n)}: ${state}`,
    places: (n: number) => `${items(n, 'lugar', 'lugares')} con algún problema`,
    place: (from: number, blocks: number) =>
      blocks === 1 ? `Bloque ${count(from)}` : `Bloques ${count(from)} a ${count(from + blocks - 1)}`,
    badBlocks: (n: number) => `${items(n, 'bloque', 'bloques')} en total`,
    moreBlocks: (n: number) => `y ${items(n, 'bloque', 'bloques')} más en lugares que no figuran en la lista`,
    files: (n: number) =>
      `${items(n, 'archivo', 'archivos')} ${form(n, { one: 'afectado', other: 'afectados' })}`,
    fileBlocks: (n: number) => items(n, 'bloque', 'bloques'),
    moreFiles: (n: number) => `y ${items(n, 'archivo', 'archivos')} más`,
    noFile: (n: number) => `${items(n, 'bloque', 'bloques')} de nombres, carpetas o relleno`,
  },
  notify: {
    button: 'Avisarme al terminar',
    on: 'Recibirá un aviso cuando termine, mientras esta página siga abierta.',
    denied: 'Este navegador no muestra avisos de esta página. El título de la pestaña indica cuánto lleva.',
    done: 'El disco está terminado',
    doneText: 'Todo ha ido bien.',
    notDone: 'El disco no está como debería',
  },
  suspect: {
    title: 'No se confía en lo que dice la unidad',
    checked: 'Por eso se leyeron y compararon todos los bloques, aunque se hubiera elegido otra cosa.',
  },
  log: {
    title: 'Qué ha ocurrido',
    copy: 'Copiar como texto',
    copied: 'Copiado.',
    copyFailed: 'El navegador no permitió copiar. Guárdelo como archivo.',
    save: 'Guardar como archivo',
    fileName: (id: string) => `discwright tarea ${id}.txt`,
    asked: 'Se pidió',
    ended: { succeeded: 'Terminado', failed: 'Falló', cancelled: 'Abandonado' },
    phases: {
      waiting: 'Espera a la unidad',
      preparing: 'Examina la unidad, el disco y la imagen',
      formatting: 'Formatea el disco',
      erasing: 'Borra el disco',
      writing: 'Graba',
      closing: 'Finaliza el disco',
      verifying: 'Lee el disco para comprobarlo',
      reading: 'Lee el disco',
      done: 'Termina',
    },
    speed: (rate: string) => `Se ordena a la unidad grabar como máximo a ${rate}`,
    measured: (rate: string) => `Ahora a ${rate}`,
    refused: (command: string, why: string) => `${command} → ${why}`,
    atBlock: (from: number, to: number) =>
      from === to ? `en el bloque ${count(from)}` : `en los bloques ${count(from)} a ${count(to)}`,
    times: (n: number, lasted: string) => `${items(n, 'vez', 'veces')} en ${lasted}`,
    overburn: (blocks: number) => `La imagen sobrepasa el disco en ${items(blocks, 'bloque', 'bloques')}`,
    cancelAsked: 'Alguien pide detenerse',
    omitted: (n: number) => `No hubo sitio para ${items(n, 'entrada', 'entradas')} más.`,
    harmless:
      'Los rechazos suelen ser inofensivos: un búfer lleno o una orden que una unidad antigua no conoce.',
    head: (kind: string, drive: string, time: string) => `${kind} en ${drive}, ${time}`,
    kinds: {
      burn: 'Grabación',
      read: 'Lectura',
      verify: 'Comparación',
      erase: 'Borrado',
      format: 'Formateo',
      close: 'Cierre',
    },
  },
};
