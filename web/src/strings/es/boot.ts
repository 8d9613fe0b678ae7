/** Discs that start a computer, in Spanish. */
import { bytes, count, isolated, items } from './words.ts';

export const boot = {
  boot: {
    title: 'Arranque de un PC',
    intro:
      'Suelte la carpeta de un instalador o sistema de rescate con sus imágenes de arranque. Se encuentran por su nombre, y puede cambiar lo encontrado.',
    starts: 'Qué arranca esta imagen',
    disc: 'Desde un disco',
    stick: 'Desde una memoria USB',
    machines: { bios: 'PC antiguos (BIOS)', uefi: 'PC recientes (UEFI)' },
    yes: 'Sí',
    no: 'No',
    entries: 'Imágenes de arranque',
    entry: (n: number) => `Imagen de arranque ${count(n)}`,
    platform: 'Para',
    image: 'Archivo',
    chooseImage: 'Elegir un archivo',
    selected: (path: string) => `Seleccionado en el contenido: ${isolated(path)}`,
    other: 'Para usar otro archivo, selecciónelo en el contenido.',
    lacksTable: 'Es ISOLINUX, y no arranca sin la tabla de información de arranque: actívela en «Detalles».',
    details: 'Detalles',
    emulation: 'Emulación',
    emulations: {
      none: 'Ninguna (lo habitual)',
      floppy1200: 'Disquete de 1,2 MB',
      floppy1440: 'Disquete de 1,44 MB',
      floppy2880: 'Disquete de 2,88 MB',
      hardDisk: 'Disco duro',
    },
    loadSegment: 'Segmento de carga',
    loadSegmentHelp: 'Hexadecimal. Vacío: 7C0',
    loadSegmentProblem: 'Un número hexadecimal hasta FFFF.',
    sectorCount: 'Sectores que se cargan',
    sectorCountHelp: (usual: number) => `De 512 bytes. Vacío: ${count(usual)}`,
    sectorCountProblem: 'Un número entero hasta 65535.',
    infoTable: 'Tabla de información de arranque',
    infoTableHelp: 'La necesitan ISOLINUX y GRUB.',
    grub2Pointer: 'Puntero para GRUB 2',
    grub2PointerHelp: 'GRUB lo necesita para arrancar desde una memoria USB.',
    add: { bios: 'Añadir para BIOS', uefi: 'Añadir para UEFI' },
    remove: (n: number) => `Quitar la imagen de arranque ${count(n)}`,
    proposeAgain: 'Buscar de nuevo imágenes de arranque',
    usb: 'Memoria USB y etiqueta del disco',
    table: 'Tabla de particiones',
    tables: {
      none: 'Ninguna: solo arranca desde discos',
      mbr: 'MBR',
      gpt: 'GPT',
      both: 'MBR y GPT (la mayoría de los PC)',
    },
    code: 'Código de arranque para BIOS',
    codeHelp:
      'isohdpfx.bin de ISOLINUX o boot_hybrid.img de GRUB. También lo contiene una ISO del mismo sistema.',
    noCode: 'Ninguno',
    chooseCode: 'Elegir un archivo de este equipo',
    toStick: 'La imagen ocupa la memoria USB entera; no basta con copiar el archivo.',
    toStickGuide: 'Cómo grabarla en una memoria (en inglés)',
    codeNeeded:
      'Los PC antiguos no arrancan esto desde una memoria USB. Para ellos, añada el archivo isohdpfx.bin (ISOLINUX) o boot_hybrid.img (GRUB), o elija la ISO en la que vino el sistema.',
    codeTaken: (name: string) => `Se usa el código de arranque de ${isolated(name)}.`,
    codeUnknown: (name: string) => `No hay código de arranque en ${isolated(name)}.`,
    codeUnknownTodo: 'Elija isohdpfx.bin, boot_hybrid.img o una ISO que arranque desde una memoria USB.',
    systemPartition: 'Partición del sistema EFI',
    systemPartitions: {
      inPlace: 'La propia imagen de arranque (lo habitual)',
      appended: 'Una copia en un lugar propio, detrás de todos los archivos',
    },
    id: 'Nombre del autor',
    idHelp: 'Se anota en el catálogo de arranque; pocos programas lo muestran.',
    problems: {
      nothing: () => ({
        what: 'Nada de lo que hay aquí arranca un PC.',
        todo: 'Añada la carpeta de un sistema con su imagen de arranque, como isolinux.bin, eltorito.img o efi.img, o elija un archivo para ello.',
      }),
      onlyPrograms: (path: string) => ({
        what: `${isolated(path)} es un programa para UEFI. En un disco, UEFI solo lo encuentra dentro de una imagen de arranque.`,
        todo: 'Añada la imagen de arranque que le corresponde, que suele llamarse efi.img, efiboot.img o efisys.bin: un pequeño disco FAT con ese programa dentro. La guía del usuario explica cómo crear una.',
      }),
      needsIso9660: () => ({
        what: 'Los PC solo encuentran imágenes de arranque mediante ISO 9660.',
        todo: 'Active ISO 9660.',
      }),
      noImage: () => ({
        what: 'No se eligió ningún archivo que arrancar.',
        todo: 'Elija uno o quite esta entrada.',
      }),
      missing: (path: string) => ({
        what: `La imagen de arranque ${isolated(path)} no está en el disco.`,
        todo: 'Añádala de nuevo o elija otro archivo.',
      }),
      empty: (path: string) => ({
        what: `La imagen de arranque ${isolated(path)} está vacía.`,
        todo: 'Tómela otra vez del sistema o elija otro archivo.',
      }),
      efiProgram: (path: string) => ({
        what: `${isolated(path)} es un programa, y UEFI arranca una imagen: un pequeño disco FAT con un programa así dentro.`,
        todo: 'Elija un archivo como efi.img, efiboot.img o efisys.bin. La guía del usuario explica cómo crear uno.',
      }),
      floppySize: (path: string, size: number, expected: number, isOther: boolean) => ({
        what: `${isolated(path)} tiene ${items(size, 'byte', 'bytes')}, y el disquete al que representa, ${count(expected)}.`,
        todo: isOther
          ? 'Elija el otro tamaño de disquete.'
          : 'Elija no emular nada o un archivo de ese tamaño exacto.',
      }),
      noBootRecord: (path: string) => ({
        what: `${isolated(path)} no es la imagen de un disco duro: no tiene registro de arranque.`,
        todo: 'Elija no emular nada u otro archivo.',
      }),
      partitions: (path: string, n: number) => ({
        what: `${isolated(path)} tiene ${items(n, 'partición', 'particiones')}, y un disco duro emulado tiene una.`,
        todo: 'Elija no emular nada u otro archivo.',
      }),
      tooShort: (path: string, size: number) => ({
        what: `${isolated(path)} tiene ${items(size, 'byte', 'bytes')}, muy pocos para lo que hay que escribir en él.`,
        todo: 'Desactive la tabla de información de arranque y el puntero para GRUB, o elija otro archivo.',
      }),
      tooLarge: (path: string, size: number) => ({
        what: `${isolated(path)} tiene ${bytes(size)}, demasiado para modificarlo o examinarlo aquí.`,
        todo: 'Desactive eso o elija otro archivo. La línea de órdenes admite imágenes de hasta 1 GB.',
      }),
      patchedTwice: () => ({
        what: 'Otra entrada arranca el mismo archivo con otros cambios.',
        todo: 'Ponga la tabla de información y el puntero igual en ambas.',
      }),
      notAscii: () => ({
        what: 'El nombre del autor tiene caracteres que no son letras latinas simples, cifras o signos.',
        todo: 'Escríbalo sin acentos.',
      }),
      idTooLong: () => ({
        what: 'El nombre del autor tiene más de 24 caracteres.',
        todo: 'Acórtelo.',
      }),
      codeMissing: (path: string) => ({
        what: `El código de arranque ${isolated(path)} no está en el disco.`,
        todo: 'Añádalo de nuevo o elija otro.',
      }),
      codeSize: (name: string, size: number) => ({
        what: `${isolated(name)} tiene ${items(size, 'byte', 'bytes')}, y ningún código de arranque los tiene.`,
        todo: 'Elija isohdpfx.bin (432 bytes), boot_hybrid.img (512) u otro código de 440 como máximo.',
      }),
      nothingForBios: () => ({
        what: 'El código de arranque inicia una imagen para BIOS, y no hay ninguna sin emulación.',
        todo: 'Añada una o no elija ningún código.',
      }),
      notIsolinux: (path: string) => ({
        what: `El código de arranque es de ISOLINUX, y ${isolated(path)} no es ISOLINUX.`,
        todo: 'Elija el código de su propio cargador, o ninguno.',
      }),
    },
  },
};
