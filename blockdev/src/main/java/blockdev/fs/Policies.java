package blockdev.fs;

import inlinecrypt.Errno;
import inlinecrypt.fscrypt.FscryptContext;
import inlinecrypt.fscrypt.FscryptPolicy;
import inlinecrypt.fscrypt.KeyIdentifier;
import inlinecrypt.fscrypt.KeyStatus;
import inlinecrypt.fscrypt.Keyring;
import inlinecrypt.fscrypt.NonceSource;
import org.jspecify.annotations.Nullable;

/**
 * Which inodes have which encryption policy: an empty directory is given one, and what is made in
 * it takes that, with a nonce of its own. Source: Linux {@code fs/crypto/policy.c}.
 */
final class Policies {
  private final Namespace names;
  private final InodeTable table;
  private final Keyring keyring;
  private final NonceSource nonces;
  private final boolean takesPlainContents;

  /**
   * @param takesPlainContents whether the device does; else every file needs a policy
   */
  Policies(
      Namespace names,
      InodeTable table,
      Keyring keyring,
      NonceSource nonces,
      boolean takesPlainContents) {
    this.names = names;
    this.table = table;
    this.keyring = keyring;
    this.nonces = nonces;
    this.takesPlainContents = takesPlainContents;
  }

  /** As {@link FileSystem#setPolicy}. */
  void set(String path, KeyIdentifier identifier) {
    long number = names.resolve(path);
    InodeRecord record = names.directory(number, path);
    FscryptPolicy policy = FscryptPolicy.aes256Xts(identifier);
    FscryptContext context = record.context();
    if (context != null) {
      if (context.policy().equals(policy)) {
        return;
      }
      throw new FsException(Errno.EEXIST, path + " has another encryption policy");
    }
    if (!names.list(number).isEmpty()) {
      throw new FsException(Errno.ENOTEMPTY, path + " is not empty");
    }
    table.put(number, record.withContext(newContext(policy, path)));
  }

  /**
   * The context of a new inode at {@code place}; null if its contents will be plain.
   *
   * @throws FsException ENOKEY if the directory is encrypted and its key is not present
   */
  @Nullable FscryptContext inheritedAt(Namespace.Place place) {
    FscryptContext parent = place.directoryRecord().context();
    return parent == null ? null : newContext(parent.policy(), place.path());
  }

  /**
   * As {@link #inheritedAt}, for a file.
   *
   * @throws FsException EOPNOTSUPP if its contents would be plain, and the device takes none
   */
  @Nullable FscryptContext inheritedByFileAt(Namespace.Place place) {
    FscryptContext context = inheritedAt(place);
    if (context == null && !takesPlainContents) {
      throw new FsException(
          Errno.EOPNOTSUPP,
          place.path() + " has no encryption policy, and the device takes no data without a key");
    }
    return context;
  }

  private FscryptContext newContext(FscryptPolicy policy, String path) {
    if (keyring.status(policy.identifier()) != KeyStatus.PRESENT) {
      throw new FsException(
          Errno.ENOKEY, path + " needs master key " + policy.identifier() + ", which is not there");
    }
    return new FscryptContext(policy, nonces.next());
  }

  /**
   * Asked before contents with {@code context}, if any, get another name.
   *
   * @param what is being done, for messages
   * @throws FsException EXDEV if a new inode at {@code place} would have another policy
   */
  static void requireSame(@Nullable FscryptContext context, Namespace.Place place, String what) {
    FscryptContext parent = place.directoryRecord().context();
    boolean same =
        context == null
            ? parent == null
            : parent != null && parent.policy().equals(context.policy());
    if (!same) {
      throw new FsException(
          Errno.EXDEV, what + ": " + place.path() + " has another encryption policy");
    }
  }
}
