package bench.crypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.fscrypt.AesEcbDerivation;
import inlinecrypt.fscrypt.IvScheme;
import inlinecrypt.fscrypt.MasterSecret;
import inlinecrypt.fscrypt.Nonce;
import inlinecrypt.wrapped.WrappedKeyDerivation;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that a file's key and data unit numbers depend on, but the master key. What a derivation
 * needs and is not there is refused by name when it is needed.
 *
 * @param modeNumber the number that per-mode keys are derived with; 0 if not given
 * @param inodeNumber unsigned; 0 if not given
 * @param enableHwKdf the master key is the raw form of a hardware-wrapped key
 * @param useInlinecryptKey the key is the one that hardware derives, not one from the software
 *     secret
 */
public record KeyInputs(
    CryptoMode mode,
    Kdf kdf,
    IvMethod ivMethod,
    int modeNumber,
    @Nullable Nonce fileNonce,
    @Nullable UUID filesystem,
    long inodeNumber,
    boolean enableHwKdf,
    boolean useInlinecryptKey) {
  /**
   * The key, which the caller wipes.
   *
   * @throws IllegalArgumentException if an input is missing, or does not go with another
   */
  public byte[] deriveKey(byte[] masterKey) {
    if (ivMethod != IvMethod.PER_FILE && kdf == Kdf.AES_128_ECB) {
      throw new IllegalArgumentException("AES-128-ECB does not go with " + ivMethod);
    }
    byte[] key = new byte[mode.keyBytes()];
    boolean done = false;
    try {
      if (useInlinecryptKey) {
        inlineKey(masterKey, key);
      } else {
        keyFromSecret(masterKey, key);
      }
      done = true;
      return key;
    } finally {
      if (!done) {
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  /**
   * How data units are numbered.
   *
   * @throws IllegalArgumentException if an input is missing, or does not go with another
   */
  public IvScheme ivScheme(byte[] masterKey) {
    return switch (ivMethod) {
      case PER_FILE -> IvScheme.perFile();
      case DIRECT_KEY -> IvScheme.directKey(requireNonce());
      case IV_INO_LBLK_64 -> IvScheme.inodeAndIndex64(requireInodeNumber());
      case IV_INO_LBLK_32 -> {
        long inode = requireInodeNumber();
        if (kdf != Kdf.HKDF_SHA512) {
          throw new IllegalArgumentException("iv-ino-lblk-32 requires the KDF HKDF-SHA512");
        }
        try (MasterSecret secret = secret(masterKey)) {
          yield IvScheme.inodeAndIndex32(secret.hashInode(inode));
        }
      }
    };
  }

  private void inlineKey(byte[] masterKey, byte[] key) {
    if (!enableHwKdf) {
      throw new IllegalArgumentException("use-inlinecrypt-key requires enable-hw-kdf");
    }
    if (ivMethod != IvMethod.IV_INO_LBLK_64 && ivMethod != IvMethod.IV_INO_LBLK_32) {
      throw new IllegalArgumentException("use-inlinecrypt-key requires iv-ino-lblk-64 or -32");
    }
    if (key.length != WrappedKeyDerivation.INLINE_KEY_BYTES) {
      throw new IllegalArgumentException("use-inlinecrypt-key does not go with " + mode);
    }
    WrappedKeyDerivation.inlineKey(masterKey, key);
  }

  private void keyFromSecret(byte[] masterKey, byte[] key) {
    if (kdf == Kdf.HKDF_SHA512) {
      try (MasterSecret secret = secret(masterKey)) {
        expand(secret, key);
      }
      return;
    }
    byte[] secret = masterKey;
    if (enableHwKdf) {
      secret = new byte[WrappedKeyDerivation.SOFTWARE_SECRET_BYTES];
    }
    try {
      if (enableHwKdf) {
        WrappedKeyDerivation.softwareSecret(masterKey, secret);
      }
      requireLength(secret.length, key.length);
      if (kdf == Kdf.AES_128_ECB) {
        AesEcbDerivation.perFileKey(secret, requireNonce(), key);
      } else {
        System.arraycopy(secret, 0, key, 0, key.length);
      }
    } finally {
      if (enableHwKdf) {
        Arrays.fill(secret, (byte) 0);
      }
    }
  }

  private void expand(MasterSecret secret, byte[] key) {
    switch (ivMethod) {
      case PER_FILE -> secret.perFileKey(requireNonce(), key);
      case DIRECT_KEY -> secret.directKey(requireModeNumber(), key);
      case IV_INO_LBLK_64 -> secret.ivInoLblk64Key(requireModeNumber(), requireFilesystem(), key);
      case IV_INO_LBLK_32 -> secret.ivInoLblk32Key(requireModeNumber(), requireFilesystem(), key);
    }
  }

  private MasterSecret secret(byte[] masterKey) {
    if (enableHwKdf) {
      return MasterSecret.ofWrappedKey(masterKey);
    }
    requireLength(masterKey.length, mode.securityStrengthBytes());
    return MasterSecret.ofRawKey(masterKey);
  }

  private void requireLength(int masterKeyBytes, int leastBytes) {
    if (masterKeyBytes < leastBytes) {
      throw new IllegalArgumentException(
          "a master key of %d bytes is too short for %s, which needs %d"
              .formatted(masterKeyBytes, mode, leastBytes));
    }
  }

  private Nonce requireNonce() {
    if (fileNonce == null) {
      throw new IllegalArgumentException(what() + " requires a file nonce");
    }
    return fileNonce;
  }

  private UUID requireFilesystem() {
    if (filesystem == null) {
      throw new IllegalArgumentException(what() + " requires a filesystem UUID");
    }
    return filesystem;
  }

  private int requireModeNumber() {
    if (modeNumber == 0) {
      throw new IllegalArgumentException(what() + " requires a mode number");
    }
    return modeNumber;
  }

  private long requireInodeNumber() {
    if (inodeNumber == 0) {
      throw new IllegalArgumentException(what() + " requires an inode number");
    }
    return inodeNumber;
  }

  private String what() {
    return ivMethod + " with KDF " + kdf;
  }
}
