/* walk LIBRARY IMAGE - hands over the tree that a library of others sees, as the frames of tests/src/frames.rs.
 *
 * LIBRARY: udfread (libudfread of VideoLAN), cdio-plain, cdio-rock-ridge, cdio-joliet (libiso9660), cdio-udf (libudf).
 * Exit status: 0 all read, 1 some entry failed (a complaint frame says which), 3 the library finds no such file system. */
#include <cdio/cdio.h>
#include <cdio/iso9660.h>
#include <cdio/logging.h>
#include <cdio/udf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <udfread/udfread.h>

enum { PATH = 8192, CHUNK = 64 * 2048 };
static char buffer[CHUNK];
static int failures;

static void text(const char *bytes) { fwrite(bytes, 1, strlen(bytes) + 1, stdout); }

static void frame(char kind, const char *path) {
  putchar(kind);
  text(path);
}

static void chunk(const void *bytes, uint32_t length) {
  unsigned char head[4] = {length, length >> 8, length >> 16, length >> 24};
  fwrite(head, 1, sizeof head, stdout);
  fwrite(bytes, 1, length, stdout);
}

/* A complaint; not to be used between a file's frame and its last chunk. */
static void complain(const char *what, const char *path) {
  char message[PATH + 64];
  snprintf(message, sizeof message, "%s: %s", path, what);
  frame('!', message);
  failures = 1;
}

static int is_dots(const char *name) { return !strcmp(name, ".") || !strcmp(name, ".."); }

static void join(char *out, const char *path, const char *name) {
  snprintf(out, PATH, "%s%s%s", path, *path ? "/" : "", name);
}

/* ---- libudfread */

static void udfread_one_file(udfread *udf, const char *path, const char *absolute) {
  UDFFILE *file = udfread_file_open(udf, absolute);
  if (!file) {
    complain("cannot open", path);
    return;
  }
  int64_t size = udfread_file_size(file), total = 0;
  ssize_t got;
  frame('f', path);
  while ((got = udfread_file_read(file, buffer, sizeof buffer)) > 0) {
    chunk(buffer, (uint32_t)got);
    total += got;
  }
  chunk("", 0);
  if (got < 0 || total != size) complain("cannot read to the end", path);
  udfread_file_close(file);
}

static void udfread_directory(udfread *udf, const char *path) {
  char absolute[PATH + 1], below[PATH];
  struct udfread_dirent entry;
  snprintf(absolute, sizeof absolute, "/%s", path);
  UDFDIR *directory = udfread_opendir(udf, absolute);
  if (!directory) {
    complain("cannot list", path);
    return;
  }
  while (udfread_readdir(directory, &entry)) {
    if (is_dots(entry.d_name)) continue;
    join(below, path, entry.d_name);
    if (entry.d_type == UDF_DT_DIR) {
      frame('d', below);
      udfread_directory(udf, below);
    } else {
      snprintf(absolute, sizeof absolute, "/%s", below);
      udfread_one_file(udf, below, absolute);
    }
  }
  udfread_closedir(directory);
}

static int walk_udfread(const char *image) {
  udfread *udf = udfread_init();
  if (!udf || udfread_open(udf, image) < 0) return 3;
  udfread_directory(udf, "");
  udfread_close(udf);
  return failures;
}

/* ---- libiso9660 */

static void iso_one_file(iso9660_t *iso, const char *path, const iso9660_stat_t *stat) {
  uint64_t left = stat->size;
  lsn_t block = stat->lsn;
  int failed = 0;
  frame('f', path);
  while (left) {
    uint32_t blocks = left > sizeof buffer ? sizeof buffer / 2048 : (uint32_t)((left + 2047) / 2048);
    uint32_t wanted = left < (uint64_t)blocks * 2048 ? (uint32_t)left : blocks * 2048;
    if (iso9660_iso_seek_read(iso, buffer, block, blocks) != (long)blocks * 2048) {
      failed = 1;
      break;
    }
    chunk(buffer, wanted);
    left -= wanted;
    block += blocks;
  }
  chunk("", 0);
  if (failed) complain("cannot read to the end", path);
}

/* What a program shows of a name that carries a version number. */
static void without_version(char *name) {
  char *version = strrchr(name, ';');
  if (version) *version = 0;
  size_t length = strlen(name);
  if (length && name[length - 1] == '.') name[length - 1] = 0;
}

static void iso_directory(iso9660_t *iso, const char *raw, const char *path, int rock_ridge) {
  CdioISO9660FileList_t *list = iso9660_ifs_readdir(iso, *raw ? raw : "/");
  CdioListNode_t *node;
  if (!list) {
    complain("cannot list", path);
    return;
  }
  _CDIO_LIST_FOREACH(node, list) {
    const iso9660_stat_t *stat = _cdio_list_node_data(node);
    char below[PATH], raw_below[PATH], name[2048];
    if (is_dots(stat->filename)) continue;
    snprintf(name, sizeof name, "%s", stat->filename);
    if (!rock_ridge) without_version(name);
    snprintf(raw_below, sizeof raw_below, "%s/%s", raw, stat->filename);
    join(below, path, name);
    if (rock_ridge && stat->rr.b3_rock == yep && S_ISLNK(stat->rr.st_mode)) {
      frame('l', below);
      text(stat->rr.psz_symlink ? stat->rr.psz_symlink : "");
    } else if (stat->type == _STAT_DIR) {
      frame('d', below);
      iso_directory(iso, raw_below, below, rock_ridge);
    } else {
      iso_one_file(iso, below, stat);
    }
  }
  iso9660_filelist_free(list);
}

static int walk_iso(const char *image, iso_extension_mask_t extensions) {
  iso9660_t *iso = iso9660_open_ext(image, extensions);
  if (!iso) return 3;
  if (extensions == ISO_EXTENSION_JOLIET && !iso9660_ifs_get_joliet_level(iso)) return 3;
  iso_directory(iso, "", "", extensions == ISO_EXTENSION_ROCK_RIDGE);
  iso9660_close(iso);
  return failures;
}

/* ---- libudf of libcdio */

static void cdio_udf_one_file(udf_dirent_t *entry, const char *path) {
  uint64_t left = udf_get_file_length(entry);
  frame('f', path);
  while (left) {
    ssize_t got = udf_read_block(entry, buffer, 1);
    if (got <= 0) break;
    uint32_t wanted = left < (uint64_t)got ? (uint32_t)left : (uint32_t)got;
    chunk(buffer, wanted);
    left -= wanted;
  }
  chunk("", 0);
  if (left) complain("cannot read to the end", path);
}

static void cdio_udf_directory(udf_dirent_t *directory, const char *path) {
  char below[PATH];
  while ((directory = udf_readdir(directory))) {
    const char *name = udf_get_filename(directory);
    if (!name || !*name || is_dots(name)) continue;
    join(below, path, name);
    if (udf_is_dir(directory)) {
      udf_dirent_t *inside = udf_opendir(directory);
      frame('d', below);
      if (inside)
        cdio_udf_directory(inside, below);
      else
        complain("cannot list", below);
    } else if (directory->fe.icb_tag.file_type == ICBTAG_FILE_TYPE_SYMLINK) {
      frame('f', below); /* its data stand in the file entry, where libudf asserts that none are */
      chunk("", 0);
    } else {
      cdio_udf_one_file(directory, below);
    }
  }
}

static int walk_cdio_udf(const char *image) {
  udf_t *udf = udf_open(image);
  if (!udf) return 3;
  udf_dirent_t *root = udf_get_root(udf, true, 0);
  if (!root) return 3;
  cdio_udf_directory(root, "");
  udf_close(udf);
  return failures;
}

/* libcdio's own handler prints among the frames. */
static void report(cdio_log_level_t level, const char *message) {
  if (level >= CDIO_LOG_WARN) fprintf(stderr, "libcdio: %s\n", message);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  const char *library = arguments[1], *image = arguments[2];
  static char output[1 << 20];
  setvbuf(stdout, output, _IOFBF, sizeof output);
  cdio_log_set_handler(report);
  if (!strcmp(library, "udfread")) return walk_udfread(image);
  if (!strcmp(library, "cdio-udf")) return walk_cdio_udf(image);
  if (!strcmp(library, "cdio-rock-ridge")) return walk_iso(image, ISO_EXTENSION_ROCK_RIDGE);
  if (!strcmp(library, "cdio-joliet")) return walk_iso(image, ISO_EXTENSION_JOLIET);
  if (!strcmp(library, "cdio-plain")) return walk_iso(image, ISO_EXTENSION_NONE);
  return 2;
}
