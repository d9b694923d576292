package blockdev.fs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Blocking block I/O, as the metadata store needs it. Writes may rest in a volatile cache until
 * {@link #flush}, in any order; a single block is written whole or not at all, several are not.
 *
 * <p>Segments are native, hold exactly the blocks named, and belong to the caller again when a call
 * returns.
 */
interface MetadataDevice {
  /** The size of a block of the filesystem, and of its metadata. */
  int BLOCK_BYTES = 4096;

  void read(long firstBlock, int blockCount, MemorySegment target) throws IOException;

  /**
   * @param forceUnitAccess whether the blocks are to be durable when the call returns (FUA)
   */
  void write(long firstBlock, int blockCount, MemorySegment source, boolean forceUnitAccess)
      throws IOException;

  /** Makes every write that has returned durable. */
  void flush() throws IOException;
}
