package inlinecrypt;

import java.lang.foreign.MemorySegment;

/**
 * A cipher mode for data units, with its sizes. The first four are blk-crypto's, with the numbers
 * and sizes Linux gives them ({@code blk_crypto_modes[]} in {@code block/blk-crypto.c}); fscrypt
 * encrypts names with some of the others, and dm-crypt sectors.
 *
 * <p>A data unit has at least 16 bytes. Modes that encrypt whole blocks only need a multiple of 16;
 * see {@link #takesAnyLength}.
 */
public enum CryptoMode {
  /**
   * XTS over AES-256 (IEEE Std 1619): first key half encrypts data, second half makes the tweak.
   */
  AES_256_XTS(1, "AES-256-XTS", 64, 32, 16, true),
  /** CBC over AES-128, the IV encrypted with AES-256 under SHA-256 of the key. */
  AES_128_CBC_ESSIV(2, "AES-128-CBC-ESSIV", 16, 16, 16, false),
  /** Adiantum over XChaCha12 and AES-256: the wide-block mode of Crowley and Biggers, 2018. */
  ADIANTUM(3, "Adiantum", 32, 32, 32, true),
  /** XTS over SM4, by IEEE Std 1619's doubling and not GB/T 17964's. */
  SM4_XTS(4, "SM4-XTS", 32, 16, 16, true),

  AES_128_XTS(0, "AES-128-XTS", 32, 16, 16, true),
  AES_256_CBC_ESSIV(0, "AES-256-CBC-ESSIV", 32, 32, 16, false),
  /** CBC with the data unit number itself as IV: dm-crypt's {@code plain64}. */
  AES_256_CBC(0, "AES-256-CBC", 32, 32, 16, false),
  /** Adiantum over XChaCha20, as dm-crypt can use it; fscrypt does not. */
  ADIANTUM_XCHACHA20(0, "Adiantum-XChaCha20", 32, 32, 32, true),
  /** HCTR2 over AES-128 (Crowley, Huckleberry, Biggers, 2021). */
  AES_128_HCTR2(0, "AES-128-HCTR2", 16, 16, 32, true),
  /** HCTR2 over AES-256, for names. */
  AES_256_HCTR2(0, "AES-256-HCTR2", 32, 32, 32, true),
  /** CBC with ciphertext stealing, variant CS3, for names. */
  AES_256_CBC_CTS(0, "AES-256-CBC-CTS", 32, 32, 16, true),
  AES_128_CBC_CTS(0, "AES-128-CBC-CTS", 16, 16, 16, true),
  SM4_CBC_CTS(0, "SM4-CBC-CTS", 16, 16, 16, true);

  private final int linuxNumber;
  private final String linuxName;
  private final int keyBytes;
  private final int securityStrengthBytes;
  private final int ivBytes;
  private final boolean takesAnyLength;

  CryptoMode(
      int linuxNumber,
      String linuxName,
      int keyBytes,
      int securityStrengthBytes,
      int ivBytes,
      boolean takesAnyLength) {
    this.linuxNumber = linuxNumber;
    this.linuxName = linuxName;
    this.keyBytes = keyBytes;
    this.securityStrengthBytes = securityStrengthBytes;
    this.ivBytes = ivBytes;
    this.takesAnyLength = takesAnyLength;
  }

  /** The number of {@code enum blk_crypto_mode_num}; 0 if blk-crypto does not have the mode. */
  public int linuxNumber() {
    return linuxNumber;
  }

  /** The name Linux shows in {@code /sys/block/…/queue/crypto/modes}. */
  public String linuxName() {
    return linuxName;
  }

  /** Bytes of a raw key. */
  public int keyBytes() {
    return keyBytes;
  }

  /** Bytes of secret that a key of this mode is worth: the least a master key may have. */
  public int securityStrengthBytes() {
    return securityStrengthBytes;
  }

  /** Bytes of the initialization vector; a data unit number may fill them all. */
  public int ivBytes() {
    return ivBytes;
  }

  /** Whether a data unit may have any length from 16 bytes on; else only multiples of 16. */
  public boolean takesAnyLength() {
    return takesAnyLength;
  }

  /**
   * Whether {@code key} is one of XTS whose two halves are equal (FIPS 140 IG A.9). Linux refuses
   * such a key when a slot is programmed.
   */
  public boolean hasEqualXtsHalves(MemorySegment key) {
    long half = key.byteSize() / 2;
    return isXts() && MemorySegment.mismatch(key, 0, half, key, half, 2 * half) < 0;
  }

  private boolean isXts() {
    return this == AES_256_XTS || this == AES_128_XTS || this == SM4_XTS;
  }

  @Override
  public String toString() {
    return linuxName;
  }
}
