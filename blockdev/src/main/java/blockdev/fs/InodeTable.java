package blockdev.fs;

import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;

/**
 * The records of all inodes, by number. No method waits, so each is one step to other simulated
 * threads.
 */
final class InodeTable {
  static final long ROOT = 1;

  private final MVMap<Long, byte[]> records; // inode → InodeRecord
  private long lastInode;

  InodeTable(MetadataStore store) {
    records = store.map("inodes", LongKeyType.INSTANCE, InodeRecord.BYTES);
    Long last = records.lastKey();
    lastInode = last == null ? ROOT : last;
  }

  /** A number that no inode has or had since the mount. */
  long newNumber() {
    return ++lastInode;
  }

  InodeRecord get(long inode) {
    byte[] record = records.get(inode);
    if (record == null) {
      throw new FsException(
          Errno.EUCLEAN, "a name leads to inode " + inode + ", which is not there");
    }
    return InodeRecord.decode(record);
  }

  void put(long inode, InodeRecord record) {
    records.put(inode, record.encode());
  }

  void remove(long inode) {
    records.remove(inode);
  }

  /** Inodes that lost their last name while they were open, before the last unmount or crash. */
  List<Long> orphans() {
    List<Long> orphans = new ArrayList<>();
    for (Map.Entry<Long, byte[]> entry : records.entrySet()) {
      if (InodeRecord.decode(entry.getValue()).links() == 0) {
        orphans.add(entry.getKey());
      }
    }
    return orphans;
  }
}
