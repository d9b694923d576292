package blockdev.fs;

import static blockdev.fs.Superblock.BLOCK_BYTES;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.memory.HostMemory;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves extents to other blocks, as balancing does, while files that point into them are read and
 * changed. What is moved is the ciphertext, which takes no key. But where ciphertext belongs to its
 * place on the device it is decrypted and encrypted again, and an inode that has the key is needed.
 */
final class Relocation {
  private final HostMemory memory;
  private final IoBatch.Pool io;
  private final Mappings mappings;
  private final BlockAllocator allocator;
  private final Transactions transactions;
  private final BlockResolver resolver;
  private final OpenInodes inodes;
  private int withoutKey;
  private long reencryptedBytes;

  Relocation(
      HostMemory memory,
      IoBatch.Pool io,
      Mappings mappings,
      BlockAllocator allocator,
      Transactions transactions,
      BlockResolver resolver,
      OpenInodes inodes) {
    this.memory = memory;
    this.io = io;
    this.mappings = mappings;
    this.allocator = allocator;
    this.transactions = transactions;
    this.resolver = resolver;
    this.inodes = inodes;
  }

  /** Times that a key was needed that was gone. */
  int withoutKey() {
    return withoutKey;
  }

  /** Bytes that were decrypted and encrypted again. */
  long reencryptedBytes() {
    return reencryptedBytes;
  }

  /**
   * Moves the ciphertext of an extent.
   *
   * @return false if there is no run of free blocks for it, or it is gone
   */
  boolean move(long extentId) {
    return move(extentId, null);
  }

  /**
   * Decrypts an extent where it lies and encrypts it where it goes, with the key of the first inode
   * that is unlocked, or can be.
   *
   * @return false if there is no run of free blocks for it, its key is gone, or it is gone itself
   */
  boolean moveWithKey(long extentId) {
    List<Mappings.InodeRun> runs = mappings.runsInto(extentId);
    for (Mappings.InodeRun found : runs) {
      Inode inode;
      try {
        inode = inodes.open(found.inode(), "an extent of inode " + found.inode());
      } catch (FsException e) {
        if (e.errno() == Errno.ENOKEY) {
          continue;
        }
        throw e;
      }
      try {
        return moveWithKeyOf(inode, found.run());
      } finally {
        inodes.close(inode);
      }
    }
    withoutKey += runs.isEmpty() ? 0 : 1;
    return false;
  }

  private boolean moveWithKeyOf(Inode inode, FileExtent run) {
    long id = run.extentId();
    inode.extentKeys.beginRead(id);
    try {
      DiskExtent extent = mappings.extentOrNull(id);
      if (extent == null) {
        return false;
      }
      CryptoContext crypt = new CryptoContext();
      resolver.resolve(crypt, inode, run, extent, run.fileBlock());
      return move(id, crypt.key());
    } finally {
      inode.extentKeys.endRead(id);
    }
  }

  private boolean move(long id, @Nullable CryptoKey key) {
    DiskExtent old = mappings.extentOrNull(id);
    BlockAllocator.Run to = old == null ? null : allocator.allocate(old.blocks());
    if (old == null || to == null) {
      return false;
    }
    boolean[] moved = {false};
    allocator.pin(old.deviceBlock());
    try {
      if (to.blocks() == old.blocks()) {
        copy(old.deviceBlock(), to, key);
        transactions.changeAfterData(() -> moved[0] = install(id, old, to));
      }
    } finally {
      allocator.unpin(old.deviceBlock());
      if (!moved[0]) {
        allocator.cancel(to);
      }
    }
    return moved[0];
  }

  /** With a key, a block's address is the number of its data unit. */
  private void copy(long from, BlockAllocator.Run to, @Nullable CryptoKey key) {
    for (int done = 0; done < to.blocks(); ) {
      int count = Math.min(IoBatch.MAX_BIO_BLOCKS, to.blocks() - done);
      try (BouncePages pages = new BouncePages(memory, count)) {
        transfer(BioOp.READ, from + done, pages, key);
        transfer(BioOp.WRITE, to.firstBlock() + done, pages, key);
      }
      done += count;
    }
    if (key != null) {
      reencryptedBytes += (long) to.blocks() * BLOCK_BYTES;
    }
  }

  private void transfer(BioOp op, long deviceBlock, BouncePages pages, @Nullable CryptoKey key) {
    IoBatch batch = io.begin();
    Bio bio = batch.bio(op, deviceBlock);
    if (key != null) {
      bio.crypt().set(key, deviceBlock);
    }
    pages.addTo(bio, 0, pages.blocks());
    batch.submit(bio);
    batch.await();
  }

  private boolean install(long id, DiskExtent old, BlockAllocator.Run to) {
    DiskExtent now = mappings.extentOrNull(id);
    if (now == null || now.deviceBlock() != old.deviceBlock()) {
      return false;
    }
    mappings.move(id, now, to);
    return true;
  }
}
