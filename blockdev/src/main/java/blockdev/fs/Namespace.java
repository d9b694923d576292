package blockdev.fs;

import inlinecrypt.Errno;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.h2.mvstore.MVMap;

/**
 * The names that inodes have in directories, and the paths made of them. No method waits, so each
 * is one step to other simulated threads.
 */
final class Namespace {
  private static final int ENTRY_BYTES = Long.BYTES;

  private final InodeTable inodes;
  private final MVMap<DirectoryKey, byte[]> entries; // (directory, name) → inode

  /**
   * Where a name is to be made.
   *
   * @param path for messages
   */
  record Place(String path, long directory, InodeRecord directoryRecord, String name) {}

  Namespace(MetadataStore store, InodeTable inodes) {
    this.inodes = inodes;
    entries = store.map("entries", DirectoryKey.KeyType.INSTANCE, ENTRY_BYTES);
  }

  /** Begins a new filesystem. */
  void makeRoot() {
    inodes.put(InodeTable.ROOT, new InodeRecord(InodeRecord.Kind.DIRECTORY, 1, 0, null));
  }

  /**
   * The inode that {@code path} leads to.
   *
   * @throws FsException ENOENT, ENOTDIR; EINVAL if the path is not absolute
   */
  long resolve(String path) {
    long inode = InodeTable.ROOT;
    for (String name : names(path)) {
      directory(inode, path);
      inode = lookUp(inode, name, path);
    }
    return inode;
  }

  /**
   * Where a new name goes.
   *
   * @throws FsException EEXIST if it is there already; ENOENT, ENOTDIR, ENAMETOOLONG, EINVAL
   */
  Place place(String path) {
    List<String> names = names(path);
    if (names.isEmpty()) {
      throw new FsException(Errno.EEXIST, path + " exists");
    }
    String name = names.getLast();
    long directory = InodeTable.ROOT;
    for (String parent : names.subList(0, names.size() - 1)) {
      directory(directory, path);
      directory = lookUp(directory, parent, path);
    }
    InodeRecord record = directory(directory, path);
    if (entries.containsKey(new DirectoryKey(directory, name))) {
      throw new FsException(Errno.EEXIST, path + " exists");
    }
    return new Place(path, directory, record, name);
  }

  /** Makes {@code place} name a new inode. */
  void link(Place place, long inode, InodeRecord record) {
    inodes.put(inode, record);
    entries.put(new DirectoryKey(place.directory(), place.name()), encode(inode));
  }

  /**
   * Removes a file's name and counts its links down; returns the inode.
   *
   * @throws FsException EISDIR; and as {@link #resolve}
   */
  long unlink(String path) {
    long inode = resolve(path);
    InodeRecord record = inodes.get(inode);
    if (record.kind() == InodeRecord.Kind.DIRECTORY) {
      throw new FsException(Errno.EISDIR, path + " is a directory");
    }
    List<String> names = names(path);
    long directory = InodeTable.ROOT;
    for (String parent : names.subList(0, names.size() - 1)) {
      directory = lookUp(directory, parent, path);
    }
    entries.remove(new DirectoryKey(directory, names.getLast()));
    inodes.put(inode, record.withLinks(record.links() - 1));
    return inode;
  }

  /**
   * The record of {@code inode}, which {@code path} goes through.
   *
   * @throws FsException ENOTDIR if it is no directory
   */
  InodeRecord directory(long inode, String path) {
    InodeRecord record = inodes.get(inode);
    if (record.kind() != InodeRecord.Kind.DIRECTORY) {
      throw new FsException(Errno.ENOTDIR, path + " goes through a file");
    }
    return record;
  }

  List<DirectoryEntry> list(long directory) {
    List<DirectoryEntry> found = new ArrayList<>();
    Iterator<DirectoryKey> keys = entries.keyIterator(new DirectoryKey(directory, ""));
    while (keys.hasNext()) {
      DirectoryKey key = keys.next();
      if (key.directory() != directory) {
        break;
      }
      byte[] entry = entries.get(key);
      assert entry != null : "a key without an entry: " + key;
      InodeRecord record = inodes.get(decode(entry));
      found.add(
          new DirectoryEntry(
              key.name(), record.kind() == InodeRecord.Kind.DIRECTORY, record.sizeBytes()));
    }
    return found;
  }

  private long lookUp(long directory, String name, String path) {
    byte[] entry = entries.get(new DirectoryKey(directory, name));
    if (entry == null) {
      throw new FsException(Errno.ENOENT, path + " does not exist");
    }
    return decode(entry);
  }

  private static List<String> names(String path) {
    if (!path.startsWith("/")) {
      throw new FsException(Errno.EINVAL, "a path starts with /, not as " + path);
    }
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      if (name.equals(".") || name.equals("..")) {
        throw new FsException(Errno.EINVAL, "a path has no . or .. in it: " + path);
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > DirectoryKey.MAX_NAME_BYTES) {
        throw new FsException(Errno.ENAMETOOLONG, "a name has at most 255 bytes: " + name);
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
        throw new FsException(Errno.EINVAL, "a name has no encoding in UTF-8: " + name);
      }
      names.add(name);
    }
    return names;
  }

  private static byte[] encode(long inode) {
    byte[] entry = new byte[ENTRY_BYTES];
    for (int i = 0; i < ENTRY_BYTES; i++) {
      entry[i] = (byte) (inode >>> 8 * i);
    }
    return entry;
  }

  private static long decode(byte[] entry) {
    long inode = 0;
    for (int i = ENTRY_BYTES - 1; i >= 0; i--) {
      inode = inode << 8 | entry[i] & 0xFF;
    }
    return inode;
  }
}
