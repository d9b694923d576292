package inlinecrypt.fscrypt;

/** The state of a master key in a {@link Keyring} ({@code FSCRYPT_KEY_STATUS_*}). */
public enum KeyStatus {
  /** Never added, or removed and no longer used by any inode. */
  ABSENT,
  /** Added: inodes can be unlocked. */
  PRESENT,
  /**
   * Removed while inodes were unlocked: those go on working, no other can be unlocked. The last one
   * to be evicted makes the key absent.
   */
  INCOMPLETELY_REMOVED
}
