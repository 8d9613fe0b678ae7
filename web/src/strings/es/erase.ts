/** Erasing a disc, in Spanish. */
import { bytes, items } from './words.ts';

export const erase = {
  erase: {
    title: '¿Qué disco?',
    running: 'Borrando',
    text: 'Solo se pueden borrar los discos regrabables (CD-RW, DVD-RW, DVD+RW, DVD-RAM, BD-RE).',
    isBlank: 'Este disco ya está vacío.',
    onDisc: (size: number, sessions: number, tracks: number) =>
      `Ahora contiene: ${size > 0 ? `${bytes(size)} en ` : ''}${items(sessions, 'sesión', 'sesiones')} con ${items(tracks, 'pista', 'pistas')}.`,
    how: '¿Cómo se borra?',
    quick: 'Rápidamente',
    quickText:
      'Uno o dos minutos. El disco parece vacío, pero con herramientas especiales aún podría encontrarse lo que contenía.',
    full: 'Por completo',
    fullText: 'Tarda tanto como grabar un disco lleno. Se sobrescribe todo.',
    button: 'Borrar disco',
    notNow: {
      noDrive: 'No se encontró ninguna grabadora.',
      noMedium: 'Inserte el disco en la unidad.',
      busy: 'La unidad está haciendo otra cosa.',
      once: 'Este disco solo se puede grabar una vez. No se puede borrar.',
    },
    confirmTitle: '¿Borrar este disco?',
    confirmText: (label: string, drive: string) =>
      `Se perderá todo lo que hay en el ${label} de ${drive}. No se puede deshacer.`,
    confirmBlank: (label: string) => `El ${label} ya está vacío. Al borrarlo de nuevo no se pierde nada.`,
    confirmGo: 'Borrar',
    done: 'El disco está borrado',
    failed: 'El disco no se borró',
    cancelled: 'Se detuvo el borrado',
    cancel: 'Detener el borrado',
    another: 'Borrar otro',
  },
};
