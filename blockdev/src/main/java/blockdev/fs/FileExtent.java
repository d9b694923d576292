package blockdev.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A run of file blocks and the part of an extent that holds them. Stored under (inode, first file
 * block) in 16 bytes little-endian: extent (8), offset in the extent (4), length (4).
 *
 * @param fileBlock first block in the file
 * @param offsetBlocks where in the extent the run starts
 */
record FileExtent(long fileBlock, long extentId, int offsetBlocks, int blocks) {
  static final int BYTES = 16;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(extentId)
        .putInt(offsetBlocks)
        .putInt(blocks)
        .array();
  }

  static FileExtent decode(long fileBlock, byte[] bytes) {
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new FileExtent(fileBlock, record.getLong(0), record.getInt(8), record.getInt(12));
  }

  long endBlock() {
    return fileBlock + blocks;
  }

  /** The file block that the extent's first block would have: data unit numbers count from it. */
  long extentStartBlock() {
    return fileBlock - offsetBlocks;
  }

  /** Where {@code atFileBlock}, a block of this run, lies on the device. */
  long deviceBlock(DiskExtent extent, long atFileBlock) {
    return extent.deviceBlock() + offsetBlocks + (atFileBlock - fileBlock);
  }

  /** The part from {@code from} up to {@code to}, both file blocks inside this run. */
  FileExtent part(long from, long to) {
    return new FileExtent(
        from, extentId, offsetBlocks + (int) (from - fileBlock), (int) (to - from));
  }
}
