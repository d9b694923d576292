package blockdev.fs;

import inlinecrypt.CryptoContext;
import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.ExtentInfo;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.InodeInfo;
import inlinecrypt.fscrypt.Nonce;
import inlinecrypt.fscrypt.NonceSource;
import org.jspecify.annotations.Nullable;

/**
 * One key for each extent, from a nonce stored with it, positions from the start of the extent; the
 * inode's info owns the rest. Ciphertext depends neither on the file nor on the place on the
 * device, so extents are shared and moved as they are. Source: the btrfs fscrypt series, v7.
 */
final class LightweightExtents implements ContentsStrategy {
  private final NonceSource nonces;
  private final DeviceKeys keys;
  private final boolean dataUnitsFromFileStart;

  /**
   * @param dataUnitsFromFileStart false; true breaks the format, to show that somebody notices
   */
  LightweightExtents(NonceSource nonces, DeviceKeys keys, boolean dataUnitsFromFileStart) {
    this.nonces = nonces;
    this.keys = keys;
    this.dataUnitsFromFileStart = dataUnitsFromFileStart;
  }

  @Override
  public int extentContextBytes() {
    return ExtentContext.SIZE_BYTES;
  }

  @Override
  public boolean sharesExtents() {
    return true;
  }

  @Override
  public boolean movesCiphertext() {
    return true;
  }

  @Override
  public FilesystemTraits traits(long maxExtentBytes) {
    return new FilesystemTraits(true, Superblock.BLOCK_BYTES, maxExtentBytes);
  }

  @Override
  public @Nullable ExtentContext newExtent(Inode inode, long extentId) {
    InodeInfo info = inode.info;
    if (info == null) {
      return null;
    }
    ExtentInfo extent = started(info.newExtent(nonces));
    inode.extentKeys.put(extentId, extent);
    return info.contextOf(extent);
  }

  @Override
  public void resolve(
      CryptoContext target, Inode inode, FileExtent run, DiskExtent extent, long fileBlock) {
    InodeInfo info = inode.info;
    ExtentContext context = extent.context();
    if (info == null || context == null) {
      return;
    }
    ExtentInfo extentInfo = inode.extentKeys.get(run.extentId());
    if (extentInfo == null) {
      extentInfo = started(info.loadExtent(context));
      inode.extentKeys.put(run.extentId(), extentInfo);
    }
    extentInfo.setContext(target, dataUnit(run, fileBlock) * Superblock.BLOCK_BYTES);
  }

  private ExtentInfo started(ExtentInfo extent) {
    boolean started = false;
    try {
      keys.start(extent.key());
      started = true;
    } finally {
      if (!started) {
        extent.close();
      }
    }
    return extent;
  }

  @Override
  public @Nullable Nonce nonceOf(InodeRecord record, DiskExtent extent) {
    ExtentContext context = extent.context();
    return context == null ? null : context.nonce();
  }

  private long dataUnit(FileExtent run, long fileBlock) {
    return dataUnitsFromFileStart ? fileBlock : fileBlock - run.extentStartBlock();
  }
}
