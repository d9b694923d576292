package inlinecrypt.reference;

import java.util.Arrays;

/**
 * Adiantum from P. Crowley and E. Biggers, Adiantum: length-preserving encryption for entry-level
 * processors (IACR ToSC 2018/4): the construction HBSH with XChaCha, AES-256, NH and Poly1305, here
 * with a tweak of 32 bytes. Section numbers and names are the paper's: P_L is all but the last 16
 * bytes of the unit, P_R those.
 */
final class Adiantum implements DataUnitTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;
  private static final int TWEAK_BYTES = 32;
  private static final int HEADER_BYTES = 16 + TWEAK_BYTES;

  // Section 2, key derivation: K_E and K_H come from the stream of the empty nonce; K_H is K_T, K_L
  // and K_N (6.4).
  private static final int K_E_BYTES = 32;
  private static final int K_T_AT = K_E_BYTES;
  private static final int K_L_AT = K_T_AT + 16;
  private static final int K_N_AT = K_L_AT + 16;

  private final XChaCha stream;
  private final Aes blockCipher;
  private final Poly1305 headerHash; // by K_T
  private final Poly1305 messageHash; // by K_L
  private final Nh nh; // by K_N

  private final byte[] header = new byte[HEADER_BYTES];
  private final byte[] nhOutput = new byte[Nh.OUTPUT_BYTES];
  private final byte[] nonce = new byte[XChaCha.NONCE_BYTES];
  private final byte[] middle = new byte[BLOCK_BYTES]; // P_M, then C_M

  Adiantum(byte[] key, int chachaRounds) {
    stream = new XChaCha(key, chachaRounds);
    byte[] derived = new byte[K_N_AT + Nh.KEY_BYTES];
    try {
      nonce[0] = 1; // the empty nonce, padded as section 2 says
      stream.xorStream(nonce, derived, derived.length);
      blockCipher = new Aes(derived, 0, K_E_BYTES);
      headerHash = new Poly1305(derived, K_T_AT);
      messageHash = new Poly1305(derived, K_L_AT);
      nh = new Nh(derived, K_N_AT);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** HBSHEncrypt, section 2. */
  @Override
  public void encrypt(byte[] iv, byte[] unit, int lengthBytes) {
    int leftBytes = lengthBytes - BLOCK_BYTES;
    System.arraycopy(unit, leftBytes, middle, 0, BLOCK_BYTES);
    addHash(1, iv, unit, leftBytes); // P_M = P_R + H(T, P_L)
    blockCipher.encrypt(middle); // C_M = E(P_M)
    xorStream(unit, leftBytes); // C_L = P_L xor S(C_M)
    addHash(-1, iv, unit, leftBytes); // C_R = C_M - H(T, C_L)
    System.arraycopy(middle, 0, unit, leftBytes, BLOCK_BYTES);
  }

  /** HBSHDecrypt, section 2. */
  @Override
  public void decrypt(byte[] iv, byte[] unit, int lengthBytes) {
    int leftBytes = lengthBytes - BLOCK_BYTES;
    System.arraycopy(unit, leftBytes, middle, 0, BLOCK_BYTES);
    addHash(1, iv, unit, leftBytes); // C_M = C_R + H(T, C_L)
    xorStream(unit, leftBytes); // P_L = C_L xor S(C_M)
    blockCipher.decrypt(middle); // P_M = E^-1(C_M)
    addHash(-1, iv, unit, leftBytes); // P_R = P_M - H(T, P_L)
    System.arraycopy(middle, 0, unit, leftBytes, BLOCK_BYTES);
  }

  @Override
  public void wipe() {
    stream.wipe();
    blockCipher.wipe();
    headerHash.wipe();
    messageHash.wipe();
    nh.wipe();
    Arrays.fill(header, (byte) 0);
    Arrays.fill(nhOutput, (byte) 0);
    Arrays.fill(nonce, (byte) 0);
    Arrays.fill(middle, (byte) 0);
  }

  /** S(C_M), section 2: the nonce is padded with a one bit and zeros. */
  private void xorStream(byte[] unit, int leftBytes) {
    Arrays.fill(nonce, (byte) 0);
    System.arraycopy(middle, 0, nonce, 0, BLOCK_BYTES);
    nonce[BLOCK_BYTES] = 1;
    stream.xorStream(nonce, unit, leftBytes);
  }

  /** Middle plus or minus H(T, L) modulo 2^128: H of 6.4 is a sum of two Poly1305. */
  private void addHash(int sign, byte[] tweak, byte[] unit, int leftBytes) {
    Bytes.putLittleEndian(header, 0, 8L * leftBytes);
    Bytes.putLittleEndian(header, 8, 0);
    System.arraycopy(tweak, 0, header, 16, TWEAK_BYTES);
    headerHash.reset();
    for (int at = 0; at < HEADER_BYTES; at += BLOCK_BYTES) {
      headerHash.update(header, at);
    }
    messageHash.reset();
    for (int at = 0; at < leftBytes; at += Nh.PIECE_BYTES) {
      nh.hash(unit, at, Math.min(at + Nh.PIECE_BYTES, leftBytes), nhOutput);
      messageHash.update(nhOutput, 0);
      messageHash.update(nhOutput, BLOCK_BYTES);
    }
    addToMiddle(sign, headerHash.low(), headerHash.high());
    addToMiddle(sign, messageHash.low(), messageHash.high());
  }

  private void addToMiddle(int sign, long low, long high) {
    long before = Bytes.littleEndian(middle, 0);
    long sum = before + sign * low;
    // Unsigned, an addition carries if its sum is smaller, a subtraction borrows if it is larger.
    boolean carries = sign * Long.compareUnsigned(sum, before) < 0;
    Bytes.putLittleEndian(middle, 0, sum);
    Bytes.putLittleEndian(
        middle, 8, Bytes.littleEndian(middle, 8) + sign * (high + (carries ? 1 : 0)));
  }
}
