package blockdev.fs;

import inlinecrypt.Errno;
import java.lang.foreign.MemorySegment;

/**
 * A file that is open. While it is, its inode stays unlocked, even if the master key is removed.
 *
 * <p>Blocking: call it from a simulated thread, or from the one thread of an immediate simulation.
 */
public final class OpenFile implements AutoCloseable {
  private final FileContents contents;
  private final OpenInodes inodes;
  private final Inode inode;
  private boolean closed;

  /** For {@code inode}, which was opened and is closed with the file. */
  OpenFile(FileContents contents, OpenInodes inodes, Inode inode) {
    this.contents = contents;
    this.inodes = inodes;
    this.inode = inode;
  }

  Inode inode() {
    return inode;
  }

  public long sizeBytes() {
    return inode.record.sizeBytes();
  }

  /**
   * Reads into {@code target} from {@code offset} on.
   *
   * @return bytes read: fewer than {@code target} has only at the end of the file
   * @throws FsException EIO if the device failed
   */
  public long read(long offset, MemorySegment target) {
    requireOpen();
    checkOffset(offset);
    return contents.read(inode, offset, target);
  }

  /**
   * Writes all of {@code source} at {@code offset}; a gap before it becomes a hole. It is durable
   * after {@link #fsync}.
   *
   * @throws FsException EFBIG beyond the largest file, EIO or ENOSPC if dirty pages had to be
   *     written and could not
   */
  public void write(long offset, MemorySegment source) {
    requireOpen();
    checkOffset(offset);
    contents.write(inode, offset, source);
  }

  /**
   * Makes the file {@code sizeBytes} long; what is added reads as zeros. Cutting inside a block
   * writes that block anew.
   *
   * @throws FsException EFBIG beyond the largest file, EIO or ENOSPC if something dirty had to be
   *     written and could not; then the size stays, and what lies behind {@code sizeBytes} may be
   *     zeros
   */
  public void truncate(long sizeBytes) {
    requireOpen();
    checkOffset(sizeBytes);
    contents.truncate(inode, sizeBytes);
  }

  /** Makes what was written durable. */
  public void fsync() {
    requireOpen();
    contents.fsync(inode);
  }

  /** Closes the file; what was written stays to be written back. Closing twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inodes.close(inode);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the file is closed");
    }
  }

  private static void checkOffset(long offset) {
    if (offset < 0) {
      throw new FsException(Errno.EINVAL, "an offset must not be negative, is " + offset);
    }
  }
}
