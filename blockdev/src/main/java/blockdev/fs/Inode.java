package blockdev.fs;

import blockdev.memory.HostMemory;
import blockdev.sim.SimMutex;
import inlinecrypt.CryptoKey;
import inlinecrypt.fscrypt.InodeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An inode in memory: its record, its dirty pages, and, once unlocked, its fscrypt info and those
 * of the extents that were met through it.
 *
 * <p>The lock is held by whoever changes the file's contents or size, across I/O.
 */
final class Inode {
  final long number;
  final SimMutex lock = new SimMutex();
  final DirtyPages dirty;
  final @Nullable InodeInfo info; // null if the contents are plain
  final ExtentKeys extentKeys = new ExtentKeys();
  InodeRecord record;
  int opens;
  long dirtySinceNs; // if it is dirty

  Inode(long number, InodeRecord record, @Nullable InodeInfo info, HostMemory memory) {
    this.number = number;
    this.record = record;
    this.info = info;
    dirty = new DirtyPages(memory);
  }

  /** The keys that were made for this inode, which must leave the device before it is closed. */
  List<CryptoKey> keys() {
    List<CryptoKey> keys = extentKeys.keys();
    if (info != null && !info.isPerExtent()) {
      keys.add(info.contentsKey());
    }
    return keys;
  }

  /** Wipes the keys, which the device has forgotten, and locks the inode. */
  void lockInfo() {
    extentKeys.close();
    if (info != null) {
      info.close();
    }
  }
}
