package blockdev.fs;

import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.Nonce;
import org.jspecify.annotations.Nullable;

/**
 * The keys of another strategy on a device that numbers data units by their addresses, such as
 * NVMe's Key Per I/O. Ciphertext belongs to its place on the device: extents can still be shared,
 * but moving one takes its key, to decrypt and encrypt it again.
 */
final class AddressedKeys implements ContentsStrategy {
  private final ContentsStrategy keys;
  private final long deviceBytes;

  AddressedKeys(ContentsStrategy keys, long deviceBytes) {
    this.keys = keys;
    this.deviceBytes = deviceBytes;
  }

  @Override
  public int extentContextBytes() {
    return keys.extentContextBytes();
  }

  @Override
  public boolean sharesExtents() {
    return keys.sharesExtents();
  }

  @Override
  public boolean movesCiphertext() {
    return false;
  }

  /** Data unit numbers go up to the end of the device. */
  @Override
  public FilesystemTraits traits(long maxExtentBytes) {
    FilesystemTraits traits = keys.traits(maxExtentBytes);
    return new FilesystemTraits(traits.perExtent(), traits.blockSizeBytes(), deviceBytes);
  }

  @Override
  public @Nullable ExtentContext newExtent(Inode inode, long extentId) {
    return keys.newExtent(inode, extentId);
  }

  @Override
  public void resolve(
      CryptoContext target, Inode inode, FileExtent run, DiskExtent extent, long fileBlock) {
    keys.resolve(target, inode, run, extent, fileBlock);
    CryptoKey key = target.key();
    if (key != null) {
      target.set(key, run.deviceBlock(extent, fileBlock));
    }
  }

  @Override
  public @Nullable Nonce nonceOf(InodeRecord record, DiskExtent extent) {
    return keys.nonceOf(record, extent);
  }
}
