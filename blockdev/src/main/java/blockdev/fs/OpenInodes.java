package blockdev.fs;

import inlinecrypt.fscrypt.FscryptException;
import org.jspecify.annotations.Nullable;

/**
 * The inodes that somebody has open, which stay unlocked until they are closed, and the end of
 * files: one goes, with its extents, when it has lost its last name and is open no more.
 */
final class OpenInodes {
  private final InodeCache cache;
  private final InodeTable table;
  private final Mappings mappings;

  OpenInodes(InodeCache cache, InodeTable table, Mappings mappings) {
    this.cache = cache;
    this.table = table;
    this.mappings = mappings;
  }

  /** At mount: removes the files that a crash kept from going. */
  void removeOrphans() {
    table.orphans().forEach(this::remove);
  }

  /**
   * Opens an inode, unlocking it if nobody has.
   *
   * @param what for messages
   * @throws FsException ENOKEY if it is encrypted, locked, and its master key is not present
   */
  Inode open(long number, String what) {
    Inode inode = cache.get(number);
    return opened(inode != null ? inode : bringIn(number, table.get(number), what));
  }

  /** Opens a new inode, which the caller gives a name; refused as {@link #open} is. */
  Inode create(InodeRecord record, String what) {
    return opened(bringIn(table.newNumber(), record, what));
  }

  private Inode bringIn(long number, InodeRecord record, String what) {
    try {
      return cache.bringIn(number, record);
    } catch (FscryptException e) {
      throw FsException.refused(what, e);
    }
  }

  private Inode opened(Inode inode) {
    cache.opened(inode);
    return inode;
  }

  void close(Inode inode) {
    if (--inode.opens == 0) {
      if (inode.record.links() == 0) {
        remove(inode.number, inode);
      } else {
        cache.idle(inode);
      }
    }
    cache.evictUnused(inode);
  }

  /** An inode, whose record says so, has lost a name. */
  void unlinked(long number) {
    InodeRecord record = table.get(number);
    Inode inode = cache.get(number);
    if (inode != null) {
      inode.record = record.withSize(inode.record.sizeBytes());
    }
    if (record.links() == 0 && (inode == null || inode.opens == 0)) {
      remove(number, inode);
    }
  }

  private void remove(long number, @Nullable Inode inode) {
    if (inode != null) {
      cache.change(inode, () -> inode.dirty.dropFrom(0));
      cache.evict(inode);
    }
    remove(number);
  }

  private void remove(long number) {
    mappings.punch(number, 0, Long.MAX_VALUE);
    table.remove(number);
  }
}
