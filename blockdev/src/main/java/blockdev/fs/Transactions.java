package blockdev.fs;

import blockdev.bio.BioOp;
import blockdev.queue.BlockDevice;
import blockdev.sim.SimMutex;
import inlinecrypt.Errno;
import java.io.IOException;
import java.util.List;

/**
 * When what was changed becomes durable: changes of metadata gather in memory, and {@link #commit}
 * takes all of them to the device, after the data they speak of. Then the next transaction begins.
 *
 * <p>Blocks that a transaction freed are free only once it is durable. A mount that is read-only
 * has no transactions.
 */
final class Transactions {
  private final BlockDevice device;
  private final IoBatch.Pool io;
  private final MetadataStore store;
  private final BlockAllocator allocator;
  private final boolean readOnly;
  private final SimMutex commitLock = new SimMutex();

  /**
   * @param device with the contents of files, which {@code io} leads to
   */
  Transactions(
      BlockDevice device,
      IoBatch.Pool io,
      MetadataStore store,
      BlockAllocator allocator,
      boolean readOnly) {
    this.device = device;
    this.io = io;
    this.store = store;
    this.allocator = allocator;
    this.readOnly = readOnly;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /**
   * @throws IllegalStateException if the mount is read-only
   */
  void requireWritable() {
    if (readOnly) {
      throw new IllegalStateException("the filesystem is mounted read-only");
    }
  }

  /**
   * Asked before metadata grows. May commit.
   *
   * @throws FsException ENOSPC if it has no room
   * @throws IllegalStateException if the mount is read-only
   */
  void requireRoom() {
    requireWritable();
    if (!store.hasRoom()) {
      commit(); // Only then is it known how much the changes take.
      if (!store.hasRoom()) {
        throw new FsException(Errno.ENOSPC, "the metadata has no room for more");
      }
    }
  }

  /**
   * Makes a change by which metadata speaks of data that was just written. It is in no commit that
   * is under way: that one's flush may not have covered the data.
   *
   * @param change does not wait
   */
  void changeAfterData(Runnable change) {
    commitLock.lock(device.submitter().events());
    try {
      change.run();
    } finally {
      commitLock.unlock();
    }
  }

  /**
   * Data that was written → flush → metadata that speaks of it → blocks that it no more needs.
   *
   * @throws FsException EIO, or ENOSPC if the metadata has no room; then no commit will come
   *     through until the next mount
   */
  void commit() {
    commitLock.lock(device.submitter().events());
    List<BlockAllocator.Run> freed = allocator.closeTransaction();
    boolean committed = false;
    try {
      IoBatch batch = io.begin();
      batch.submit(batch.bio(BioOp.FLUSH, 0));
      batch.await();
      store.commit();
      committed = true;
    } catch (MetadataFullException e) {
      throw new FsException(Errno.ENOSPC, "commit: " + e.getMessage(), e);
    } catch (IOException e) {
      throw FsException.failed("commit", e);
    } finally {
      if (committed) {
        allocator.release(freed);
      } else {
        allocator.reopen(freed);
      }
      commitLock.unlock();
    }
  }

  /** The end of the mount: what is not committed is dropped. */
  void close() {
    try {
      if (readOnly) {
        store.abandon();
      } else {
        store.close();
      }
    } catch (IOException e) {
      throw FsException.failed("unmount", e);
    }
  }
}
