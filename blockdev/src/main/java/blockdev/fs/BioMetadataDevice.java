package blockdev.fs;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.memory.HostMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * The metadata store's view of the device: plain bios over bounce pages, waited for one after the
 * other, so that a transfer may be larger than a bio and than the host memory.
 */
final class BioMetadataDevice implements MetadataDevice {
  private final IoBatch.Pool io;
  private final HostMemory memory;

  BioMetadataDevice(IoBatch.Pool io, HostMemory memory) {
    this.io = io;
    this.memory = memory;
  }

  @Override
  public void read(long firstBlock, int blockCount, MemorySegment target) throws IOException {
    for (int done = 0; done < blockCount; done += IoBatch.MAX_BIO_BLOCKS) {
      int count = Math.min(IoBatch.MAX_BIO_BLOCKS, blockCount - done);
      try (BouncePages pages = new BouncePages(memory, count)) {
        transfer(BioOp.READ, firstBlock + done, pages, false);
        pages.copyTo(0, target, (long) done * BLOCK_BYTES, (long) count * BLOCK_BYTES);
      }
    }
  }

  @Override
  public void write(long firstBlock, int blockCount, MemorySegment source, boolean forceUnitAccess)
      throws IOException {
    for (int done = 0; done < blockCount; done += IoBatch.MAX_BIO_BLOCKS) {
      int count = Math.min(IoBatch.MAX_BIO_BLOCKS, blockCount - done);
      try (BouncePages pages = new BouncePages(memory, count)) {
        pages.copyFrom(source.asSlice((long) done * BLOCK_BYTES, (long) count * BLOCK_BYTES));
        transfer(BioOp.WRITE, firstBlock + done, pages, forceUnitAccess);
      }
    }
  }

  @Override
  public void flush() throws IOException {
    IoBatch batch = io.begin();
    batch.submit(batch.bio(BioOp.FLUSH, 0));
    await(batch);
  }

  private void transfer(BioOp op, long firstBlock, BouncePages pages, boolean forceUnitAccess)
      throws IOException {
    IoBatch batch = io.begin();
    Bio bio = batch.bio(op, firstBlock);
    if (forceUnitAccess) {
      bio.forceUnitAccess();
    }
    pages.addTo(bio, 0, pages.blocks());
    batch.submit(bio);
    await(batch);
  }

  private static void await(IoBatch batch) throws IOException {
    try {
      batch.await();
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
