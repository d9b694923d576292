package blockdev.fs;

import blockdev.trace.FileBlock;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoContext;
import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says for the I/O of contents which key, and which position under it, a block has: asks the
 * strategy, shows the tracer, and turns what fscrypt refuses into an error of the filesystem.
 */
final class BlockResolver {
  private final ContentsStrategy strategy;
  private final Tracer tracer;

  BlockResolver(ContentsStrategy strategy, Tracer tracer) {
    this.strategy = strategy;
    this.tracer = tracer;
  }

  /**
   * Makes what a new extent of {@code inode} needs.
   *
   * @return its context to store, or null if the strategy stores none or the contents are plain
   */
  @Nullable ExtentContext newExtent(Inode inode, long extentId) {
    try {
      return strategy.newExtent(inode, extentId);
    } catch (FscryptException e) {
      throw refused(inode, extentId, e);
    }
  }

  /** Makes {@code target} the context of {@code fileBlock}; empty for plain contents. */
  void resolve(
      CryptoContext target, Inode inode, FileExtent run, DiskExtent extent, long fileBlock) {
    try {
      strategy.resolve(target, inode, run, extent, fileBlock);
    } catch (FscryptException e) {
      throw refused(inode, run.extentId(), e);
    }
  }

  private static FsException refused(Inode inode, long extentId, FscryptException cause) {
    return FsException.refused("extent " + extentId + " of inode " + inode.number, cause);
  }

  /** Shows the tracer where an encrypted block lies, and under which nonce and number. */
  void trace(Inode inode, FileExtent run, DiskExtent extent, long fileBlock) {
    FscryptContext context = inode.record.context();
    if (tracer == Tracer.OFF || context == null) {
      return;
    }
    CryptoContext crypt = new CryptoContext();
    resolve(crypt, inode, run, extent, fileBlock);
    tracer.blockMapped(
        new FileBlock(
            inode.number,
            fileBlock,
            run.extentStartBlock(),
            run.deviceBlock(extent, fileBlock),
            crypt.dun0(),
            Objects.toString(strategy.nonceOf(inode.record, extent)),
            context.policy().identifier().toString()));
  }
}
