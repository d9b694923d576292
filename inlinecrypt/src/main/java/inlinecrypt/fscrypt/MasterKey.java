package inlinecrypt.fscrypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import org.jspecify.annotations.Nullable;

/**
 * One master key in a {@link Keyring}: its secret, whether it is present, and how many inodes it
 * has unlocked. The keyring forgets it when {@link #activeRefs} reaches 0.
 *
 * <p>If keys are per inode, the secret is wiped when the key stops being present: all that a live
 * inode needs has been derived by then. If they are per extent, unlocked inodes still meet new
 * extents, and the secret is wiped with the last reference (series v6 and v7). Source: {@code
 * struct fscrypt_master_key}.
 */
final class MasterKey {
  final KeyIdentifier identifier;
  private final int sizeBytes;
  private final boolean perExtent;
  @Nullable Hkdf secret; // null once wiped
  private boolean present = true;
  private int unlockedInodes;

  /** A key that is present; takes over {@code secret}. */
  MasterKey(KeyIdentifier identifier, int sizeBytes, boolean perExtent, Hkdf secret) {
    this.identifier = identifier;
    this.sizeBytes = sizeBytes;
    this.perExtent = perExtent;
    this.secret = secret;
  }

  KeyStatus status() {
    if (present) {
      return KeyStatus.PRESENT;
    }
    return unlockedInodes > 0 ? KeyStatus.INCOMPLETELY_REMOVED : KeyStatus.ABSENT;
  }

  int activeRefs() {
    return (present ? 1 : 0) + unlockedInodes;
  }

  /** Makes the key present (again); takes over {@code sameSecret}, wiping it if not needed. */
  void addAgain(Hkdf sameSecret) {
    present = true;
    if (secret == null) {
      secret = sameSecret;
    } else {
      sameSecret.wipe();
    }
  }

  /** Ends being present; does nothing if that has happened already. */
  void remove() {
    present = false;
    wipeUnlessNeeded();
  }

  /**
   * Checks that an inode whose contents mode is {@code mode} may be set up with this key.
   *
   * @throws FscryptException ENOKEY if the key is not present or shorter than the mode's security
   *     strength
   */
  void requireUsableFor(CryptoMode mode) {
    requirePresent();
    if (sizeBytes < mode.securityStrengthBytes()) {
      throw new FscryptException(
          Errno.ENOKEY,
          "master key "
              + identifier
              + " has "
              + sizeBytes
              + " bytes, too few for "
              + mode
              + ", which needs "
              + mode.securityStrengthBytes());
    }
  }

  void inodeUnlocked() {
    unlockedInodes++;
  }

  void inodeEvicted() {
    assert unlockedInodes > 0 : "no inode is unlocked by " + identifier;
    unlockedInodes--;
    wipeUnlessNeeded();
  }

  /**
   * The secret, for those who may derive from it: inode set-up needs the key to be present; extent
   * set-up needs an unlocked inode, present or not.
   *
   * @throws FscryptException ENOKEY
   */
  Hkdf secretFor(HkdfContext context) {
    if (context != HkdfContext.PER_EXTENT_KEY || unlockedInodes == 0) {
      requirePresent();
    }
    if (secret == null) {
      throw noKey("has been wiped");
    }
    return secret;
  }

  void wipe() {
    if (secret != null) {
      secret.wipe();
      secret = null;
    }
  }

  private void requirePresent() {
    if (!present) {
      throw noKey("is not present");
    }
  }

  private void wipeUnlessNeeded() {
    if (!present && (!perExtent || unlockedInodes == 0)) {
      wipe();
    }
  }

  private FscryptException noKey(String what) {
    return new FscryptException(Errno.ENOKEY, "master key " + identifier + " " + what);
  }

  @Override
  public String toString() {
    return "MasterKey[" + identifier + ", " + status() + "]";
  }
}
