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

  Policies(Namespace names, InodeTable table, Keyring keyring, NonceSource nonces) {
    this.names = names;
    this.table = table;
    this.keyring = keyring;
    this.nonces = nonces;
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

  private FscryptContext newContext(FscryptPolicy policy, String path) {
    if (keyring.status(policy.identifier()) != KeyStatus.PRESENT) {
      throw new FsException(
          Errno.ENOKEY, path + " needs master key " + policy.identifier() + ", which is not there");
    }
    return new FscryptContext(policy, nonces.next());
  }

  /** Whether a new inode at {@code place} would have the policy of {@code context}, if any. */
  static boolean isSameAt(Namespace.Place place, @Nullable FscryptContext context) {
    FscryptContext parent = place.directoryRecord().context();
    return context == null
        ? parent == null
        : parent != null && parent.policy().equals(context.policy());
  }
}
