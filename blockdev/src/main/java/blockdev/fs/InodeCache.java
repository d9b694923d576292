package blockdev.fs;

import blockdev.queue.BlockDevice;
import blockdev.sim.EventQueue;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.fscrypt.ExtentInfo;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.InodeInfo;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import inlinecrypt.fscrypt.Keyring;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inodes in memory. An encrypted one is unlocked when it comes in, and locked when it goes:
 * then its keys leave the device and are wiped. One that is open or dirty never goes.
 *
 * <p>Source of the rules: {@code fs/crypto/keyring.c}, {@code fscrypt_drop_inode}.
 */
final class InodeCache {
  /** Inodes that stay although nobody has them open. */
  private static final int MAX_IDLE = 1024;

  private static final long DIRTY_LIMIT_BYTES = 64L << 20;
  private static final long DIRTY_LIMIT_AGE_NS = 5_000_000_000L;

  private final DeviceKeys keys;
  private final Keyring keyring;
  private final BlockDevice device;
  private final LinkedHashMap<Long, Inode> inodes = new LinkedHashMap<>(); // oldest first
  private final LinkedHashMap<Long, Inode> idle = new LinkedHashMap<>(); // longest idle first
  private final LinkedHashMap<Long, Inode> dirty = new LinkedHashMap<>(); // longest dirty first
  private long dirtyBytes;

  /**
   * @param device the contents of files go there, from its memory
   */
  InodeCache(DeviceKeys keys, Keyring keyring, BlockDevice device) {
    this.keys = keys;
    this.keyring = keyring;
    this.device = device;
  }

  @Nullable Inode get(long number) {
    return inodes.get(number);
  }

  /**
   * Brings an inode in, unlocking it if its contents are encrypted.
   *
   * @throws inlinecrypt.fscrypt.FscryptException ENOKEY if its master key is not present
   * @throws FsException ENOPKG if nobody can encrypt as its policy says
   */
  Inode bringIn(long number, InodeRecord record) {
    FscryptContext context = record.context();
    InodeInfo info = context == null ? null : unlock(context);
    Inode inode = new Inode(number, record, info, device.memory());
    inodes.put(number, inode);
    idle.put(number, inode);
    return inode;
  }

  private InodeInfo unlock(FscryptContext context) {
    InodeInfo info = InodeInfo.unlock(keyring, context);
    boolean started = false;
    try {
      keys.requireSupported(info.contentsConfig());
      if (!info.isPerExtent()) {
        keys.start(info.contentsKey());
      }
      started = true;
    } finally {
      if (!started) {
        info.close();
      }
    }
    return info;
  }

  /** Somebody opens {@code inode}: it stays until {@link #idle}. */
  void opened(Inode inode) {
    inode.opens++;
    idle.remove(inode.number);
  }

  /**
   * Changes the contents or size of {@code inode} with its lock held. Afterwards it is known
   * whether it is dirty, and the keys of extents that it points into no more are gone. Waits.
   */
  void change(Inode inode, Runnable action) {
    EventQueue events = device.submitter().events();
    inode.lock.lock(events);
    long takenBefore = inode.dirty.takenBytes();
    try {
      action.run();
    } finally {
      dirtyBytes += inode.dirty.takenBytes() - takenBefore;
      changed(inode, events.nowNs());
      inode.lock.unlock();
      evictUnused(inode);
    }
  }

  /** Notes whether {@code inode}, which was changed, has dirty pages now. */
  void changed(Inode inode, long nowNs) {
    if (inodes.get(inode.number) != inode) {
      return;
    }
    if (inode.dirty.isEmpty()) {
      dirty.remove(inode.number);
    } else if (dirty.putIfAbsent(inode.number, inode) == null) {
      inode.dirtySinceNs = nowNs;
    }
    if (!canGo(inode)) {
      idle.remove(inode.number);
    } else {
      idle.putIfAbsent(inode.number, inode);
    }
  }

  /**
   * The inodes to be written back by now: all dirty ones if they hold 64 MiB or a quarter of the
   * host memory, else those that have been dirty for 5 seconds.
   */
  List<Inode> overdue() {
    return dirtyBytes >= Math.min(DIRTY_LIMIT_BYTES, device.memory().capacityBytes() / 4)
        ? dirty()
        : dirtySince(device.submitter().events().nowNs() - DIRTY_LIMIT_AGE_NS);
  }

  /** All inodes with dirty pages, those first that have been dirty longest. */
  List<Inode> dirty() {
    return List.copyOf(dirty.values());
  }

  /** The inodes that have been dirty since {@code timeNs} or longer, in the same order. */
  List<Inode> dirtySince(long timeNs) {
    return dirty.values().stream().takeWhile(inode -> inode.dirtySinceNs <= timeNs).toList();
  }

  /** Nobody has {@code inode} open any more: it goes if its key is gone or there are too many. */
  void idle(Inode inode) {
    if (canGo(inode)) {
      idle.put(inode.number, inode);
    }
    if (canGo(inode)
        && inode.info != null
        && keyring.status(inode.info.policy().identifier()) != KeyStatus.PRESENT) {
      evict(inode);
    } else if (idle.size() > MAX_IDLE) {
      evict(idle.firstEntry().getValue());
    }
  }

  /** Lets all inodes go that the master key unlocked and that can go. */
  void evictAllOf(KeyIdentifier identifier) {
    for (Inode inode : new ArrayList<>(inodes.values())) {
      if (inode.info != null
          && inode.info.policy().identifier().equals(identifier)
          && canGo(inode)
          && inodes.get(inode.number) == inode) { // not gone in the wait for another
        evict(inode);
      }
    }
  }

  /**
   * @throws IllegalStateException if an inode is open
   */
  void requireNoneOpen() {
    for (Inode inode : inodes.values()) {
      if (inode.opens > 0) {
        throw new IllegalStateException("inode " + inode.number + " is still open");
      }
    }
  }

  /** Takes all inodes out, and drops what is still dirty in them. */
  void evictAll() {
    for (Inode inode : new ArrayList<>(inodes.values())) {
      inode.dirty.dropFrom(0);
      evict(inode);
    }
  }

  private static boolean canGo(Inode inode) {
    return inode.opens == 0 && inode.dirty.isEmpty();
  }

  /**
   * Takes an inode out, and its keys out of the device; then wipes them. Waits.
   *
   * @throws IllegalStateException if a key is in use; then the inode stays
   */
  void evict(Inode inode) {
    idle.remove(inode.number, inode);
    dirty.remove(inode.number, inode);
    inodes.remove(inode.number, inode); // Who opens the file in the wait needs keys of their own.
    boolean evicted = false;
    try {
      evict(inode, inode.keys());
      evicted = true;
    } finally {
      if (!evicted && inodes.putIfAbsent(inode.number, inode) == null) {
        idle.put(inode.number, inode);
      }
    }
    inode.lockInfo();
  }

  /** Wipes the keys of extents that {@code inode} points into no more. Waits. */
  void evictUnused(Inode inode) {
    List<ExtentInfo> unused = inode.extentKeys.takeUnused();
    if (unused.isEmpty()) {
      return;
    }
    evict(inode, unused.stream().map(ExtentInfo::key).toList());
    unused.forEach(ExtentInfo::close);
  }

  private void evict(Inode inode, List<CryptoKey> unwanted) {
    Errno result = keys.evict(unwanted);
    if (result != Errno.OK) {
      throw new IllegalStateException(
          "a key of inode " + inode.number + " could not leave the device: " + result);
    }
  }
}
