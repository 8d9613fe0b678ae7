/** Whether a file is an image of a disc, by its name. */
export function isDiscImage(name: string): boolean {
  return /\.(iso|img|udf)$/iu.test(name);
}
