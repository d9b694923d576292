package blockdev.fs;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.memory.HostMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** The metadata store's view of the device: plain bios over bounce pages, waited for. */
final class BioMetadataDevice implements MetadataDevice {
  private final IoBatch.Pool io;
  private final HostMemory memory;

  BioMetadataDevice(IoBatch.Pool io, HostMemory memory) {
    this.io = io;
    this.memory = memory;
  }

  @Override
  public void read(long firstBlock, int blockCount, MemorySegment target) throws IOException {
    try (BouncePages pages = new BouncePages(memory, blockCount)) {
      transfer(BioOp.READ, firstBlock, pages, false);
      pages.copyTo(0, target, 0, (long) blockCount * BLOCK_BYTES);
    }
  }

  @Override
  public void write(long firstBlock, int blockCount, MemorySegment source, boolean forceUnitAccess)
      throws IOException {
    try (BouncePages pages = new BouncePages(memory, blockCount)) {
      pages.copyFrom(source);
      transfer(BioOp.WRITE, firstBlock, pages, forceUnitAccess);
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
