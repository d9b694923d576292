package blockdev.fs;

import inlinecrypt.CryptoContext;
import inlinecrypt.fscrypt.ExtentContext;
import inlinecrypt.fscrypt.FilesystemTraits;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.Nonce;
import org.jspecify.annotations.Nullable;

/**
 * One key for each inode, positions from the start of the file: fscrypt as it is. Ciphertext
 * belongs to its place in one file, so sharing is refused; relocation moves it as it is.
 */
final class PerInodeKeys implements ContentsStrategy {
  @Override
  public int extentContextBytes() {
    return 0;
  }

  @Override
  public boolean sharesExtents() {
    return false;
  }

  @Override
  public boolean movesCiphertext() {
    return true;
  }

  @Override
  public FilesystemTraits traits(long maxExtentBytes) {
    return new FilesystemTraits(false, Superblock.BLOCK_BYTES, FileContents.MAX_FILE_BYTES);
  }

  @Override
  public @Nullable ExtentContext newExtent(Inode inode, long extentId) {
    return null;
  }

  @Override
  public void resolve(
      CryptoContext target, Inode inode, FileExtent run, DiskExtent extent, long fileBlock) {
    if (inode.info != null) {
      inode.info.setContext(target, fileBlock * Superblock.BLOCK_BYTES);
    }
  }

  @Override
  public @Nullable Nonce nonceOf(InodeRecord record, DiskExtent extent) {
    FscryptContext context = record.context();
    return context == null ? null : context.nonce();
  }
}
