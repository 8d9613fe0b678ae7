/** An image that is burned as it is, in English. */
import { count, quoted } from './words.ts';

export const image = {
  image: {
    title: 'Image',
    dropTitle: 'Drop the image here',
    dropText: 'A file that ends in .iso or .img, as you download systems to install.',
    choose: 'Choose image',
    chooseOther: 'Choose another',
    file: 'File',
    size: 'Size',
    exact: (size: number) => `exactly ${count(size)} bytes`,
    fits: 'Smallest disc',
    fitsNone: 'No disc is large enough',
    sum: 'Work out',
    summing: 'Working out SHA-256',
    stop: 'Stop',
    showAgain: (name: string) => `This browser forgets where files are. Choose ${quoted(name)} again.`,
    another: (name: string) => `This is another file than ${quoted(name)}. It takes its place.`,
    noFile: 'That is not a file.',
    noFileTodo: 'Drop one image file.',
    lost: (name: string) => `${quoted(name)} is not where it was.`,
    lostTodo: 'Choose it again.',
  },
};
