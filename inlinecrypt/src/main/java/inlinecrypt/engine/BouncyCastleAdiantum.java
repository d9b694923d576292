package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import inlinecrypt.DataUnitNumber;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Adiantum, in the letters of its paper (Crowley and Biggers, "Adiantum: length-preserving
 * encryption for entry-level processors", 2018): of a data unit, L is all but the last 16 bytes and
 * R those 16; M is what comes in between.
 *
 * <pre>
 * P_M = P_R + H(T, P_L)      C_M = E(P_M)
 * C_L = P_L ^ S(C_M)         C_R = C_M - H(T, C_L)
 * </pre>
 *
 * <p>Sums are of 128-bit little-endian numbers. H adds a Poly1305 of the tweak and the length to a
 * Poly1305 of the NH of the message; S is XChaCha.
 */
final class BouncyCastleAdiantum implements BouncyCastleMode {
  private static final int TWEAK_BYTES = 32;
  private static final int KE_BYTES = 32;
  private static final int POLY1305_KEY_BYTES = 16; // the multiplier; nothing is added at the end
  private static final int KT_OFFSET = KE_BYTES;
  private static final int KM_OFFSET = KT_OFFSET + POLY1305_KEY_BYTES;
  private static final int KN_OFFSET = KM_OFFSET + POLY1305_KEY_BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final BouncyCastleXChaCha stream;
  private final BlockCipher encrypting;
  private final BlockCipher decrypting;
  private final Poly1305 tweakHash = new Poly1305();
  private final Poly1305 messageHash = new Poly1305();
  private final BouncyCastleNh nh;

  private final byte[] header = new byte[16 + TWEAK_BYTES]; // bits of L in 16 bytes, then T
  private final byte[] nonce = new byte[BouncyCastleXChaCha.NONCE_BYTES]; // C_M, then 1
  private final byte[] middle = new byte[BLOCK_BYTES];
  private final byte[] sum = new byte[BLOCK_BYTES];
  private long tweakLow; // the part of H that does not depend on L's bytes
  private long tweakHigh;
  private long hashLow; // H
  private long hashHigh;

  BouncyCastleAdiantum(int rounds, byte[] key) {
    stream = new BouncyCastleXChaCha(rounds, key);
    byte[] derived = new byte[KN_OFFSET + BouncyCastleNh.KEY_BYTES];
    byte[] derivingNonce = new byte[BouncyCastleXChaCha.NONCE_BYTES];
    derivingNonce[0] = 1;
    try {
      stream.xor(derivingNonce, derived, derived.length);
      encrypting = BouncyCastleBlocks.AES.encrypting(derived, 0, KE_BYTES);
      decrypting = BouncyCastleBlocks.AES.decrypting(derived, 0, KE_BYTES);
      setMultiplier(tweakHash, derived, KT_OFFSET);
      setMultiplier(messageHash, derived, KM_OFFSET);
      nh = new BouncyCastleNh(derived, KN_OFFSET);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
    nonce[BLOCK_BYTES] = 1;
  }

  @Override
  public void encrypt(byte[] iv, byte[] unit, int unitBytes) {
    int leftBytes = unitBytes - BLOCK_BYTES;
    hashTweak(iv, leftBytes);
    hash(unit, leftBytes);
    setSum(middle, (long) LONG.get(unit, leftBytes), (long) LONG.get(unit, leftBytes + 8));
    encrypting.processBlock(middle, 0, middle, 0);
    xorStream(unit, leftBytes);
    hash(unit, leftBytes);
    setDifference(unit, leftBytes);
  }

  @Override
  public void decrypt(byte[] iv, byte[] unit, int unitBytes) {
    int leftBytes = unitBytes - BLOCK_BYTES;
    hashTweak(iv, leftBytes);
    hash(unit, leftBytes);
    setSum(middle, (long) LONG.get(unit, leftBytes), (long) LONG.get(unit, leftBytes + 8));
    xorStream(unit, leftBytes);
    decrypting.processBlock(middle, 0, middle, 0);
    hash(unit, leftBytes);
    setDifference(unit, leftBytes);
  }

  /** S: the nonce is C_M, which {@link #middle} holds, and a 1. */
  private void xorStream(byte[] unit, int leftBytes) {
    System.arraycopy(middle, 0, nonce, 0, BLOCK_BYTES);
    stream.xor(nonce, unit, leftBytes);
  }

  private void hashTweak(byte[] iv, int leftBytes) {
    LONG.set(header, 0, 8L * leftBytes);
    System.arraycopy(iv, 0, header, 16, TWEAK_BYTES);
    tweakHash.update(header, 0, header.length);
    tweakHash.doFinal(sum, 0);
    tweakLow = (long) LONG.get(sum, 0);
    tweakHigh = (long) LONG.get(sum, 8);
  }

  /** H of the tweak and the left part of {@code unit}. */
  private void hash(byte[] unit, int leftBytes) {
    nh.hashInto(messageHash, unit, leftBytes);
    messageHash.doFinal(sum, 0);
    hashLow = tweakLow + (long) LONG.get(sum, 0);
    hashHigh = tweakHigh + (long) LONG.get(sum, 8) + DataUnitNumber.carryOut(hashLow, tweakLow);
  }

  /** Writes the number {@code high:low} plus H. */
  private void setSum(byte[] block, long low, long high) {
    long sumLow = low + hashLow;
    LONG.set(block, 0, sumLow);
    LONG.set(block, 8, high + hashHigh + DataUnitNumber.carryOut(sumLow, low));
  }

  /** Writes the number in {@link #middle} minus H. */
  private void setDifference(byte[] unit, int at) {
    long low = (long) LONG.get(middle, 0);
    long borrow = Long.compareUnsigned(low, hashLow) < 0 ? 1 : 0;
    LONG.set(unit, at, low - hashLow);
    LONG.set(unit, at + 8, (long) LONG.get(middle, 8) - hashHigh - borrow);
  }

  /** Bouncy Castle clamps the multiplier itself, and adds zeros where we give none. */
  private static void setMultiplier(Poly1305 mac, byte[] key, int offset) {
    byte[] padded = new byte[2 * POLY1305_KEY_BYTES];
    System.arraycopy(key, offset, padded, 0, POLY1305_KEY_BYTES);
    KeyParameter parameter = new KeyParameter(padded);
    mac.init(parameter);
    Arrays.fill(parameter.getKey(), (byte) 0);
    Arrays.fill(padded, (byte) 0);
  }

  @Override
  public void wipe() {
    stream.wipe();
    BouncyCastleBlocks.wipe(encrypting);
    BouncyCastleBlocks.wipe(decrypting);
    wipe(tweakHash);
    wipe(messageHash);
    nh.wipe();
    Arrays.fill(header, (byte) 0);
    Arrays.fill(nonce, (byte) 0);
    Arrays.fill(middle, (byte) 0);
    Arrays.fill(sum, (byte) 0);
    tweakLow = 0;
    tweakHigh = 0;
    hashLow = 0;
    hashHigh = 0;
  }

  /** Takes the key and the last block away, which a finished Poly1305 still holds. */
  private static void wipe(Poly1305 mac) {
    byte[] zeros = new byte[BLOCK_BYTES];
    setMultiplier(mac, zeros, 0);
    mac.update(zeros, 0, BLOCK_BYTES);
    mac.doFinal(zeros, 0);
  }
}
