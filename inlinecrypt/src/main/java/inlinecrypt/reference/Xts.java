package inlinecrypt.reference;

import java.util.Arrays;

/**
 * XTS from IEEE Std 1619-2007, clause 5, over any cipher of 16-byte blocks. Linux encrypts with SM4
 * the same way; GB/T 17964 would double the tweak in another bit order.
 */
final class Xts implements DataUnitTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;
  private static final int TWEAK_POLYNOMIAL = 0x87; // 5.2: 128 bits of x^128 + x^7 + x^2 + x + 1

  private final BlockCipher data; // Key1
  private final BlockCipher tweak; // Key2
  private final byte[] t = new byte[BLOCK_BYTES]; // T, the tweak of the next block
  private final byte[] heldT = new byte[BLOCK_BYTES]; // the tweak that decryption keeps for later
  private final byte[] block = new byte[BLOCK_BYTES]; // PP or CC

  Xts(BlockCipher data, BlockCipher tweak) {
    this.data = data;
    this.tweak = tweak;
  }

  /** XTS-AES-Enc, 5.3.2. */
  @Override
  public void encrypt(byte[] iv, byte[] unit, int lengthBytes) {
    startTweak(iv);
    int tailBytes = lengthBytes % BLOCK_BYTES; // b
    int wholeBytes = lengthBytes - tailBytes;
    for (int at = 0; at < wholeBytes; at += BLOCK_BYTES) {
      encryptBlock(unit, at);
    }
    if (tailBytes > 0) { // the tail steals the end of the last whole block
      swap(unit, wholeBytes, tailBytes);
      encryptBlock(unit, wholeBytes - BLOCK_BYTES);
    }
  }

  /** XTS-AES-Dec, 5.4.2. */
  @Override
  public void decrypt(byte[] iv, byte[] unit, int lengthBytes) {
    startTweak(iv);
    int tailBytes = lengthBytes % BLOCK_BYTES;
    int wholeBytes = lengthBytes - tailBytes;
    int last = wholeBytes - BLOCK_BYTES;
    int plainBytes = tailBytes > 0 ? last : wholeBytes; // where no tweaks change places
    for (int at = 0; at < plainBytes; at += BLOCK_BYTES) {
      decryptBlock(unit, at);
    }
    if (tailBytes > 0) {
      System.arraycopy(t, 0, heldT, 0, BLOCK_BYTES);
      timesAlpha(t);
      decryptBlock(unit, last); // with the tweak of block m
      swap(unit, wholeBytes, tailBytes);
      System.arraycopy(heldT, 0, t, 0, BLOCK_BYTES);
      decryptBlock(unit, last); // with the tweak of block m - 1
    }
  }

  @Override
  public void wipe() {
    data.wipe();
    tweak.wipe();
    Arrays.fill(t, (byte) 0);
    Arrays.fill(heldT, (byte) 0);
    Arrays.fill(block, (byte) 0);
  }

  /** XTS-AES-blockEnc, 5.3.1. */
  private void encryptBlock(byte[] unit, int at) {
    xorTweak(unit, at, block, 0); // PP = P xor T
    data.encrypt(block); // CC = AES-enc(Key1, PP)
    xorTweak(block, 0, unit, at); // C = CC xor T
    timesAlpha(t);
  }

  /** XTS-AES-blockDec, 5.4.1. */
  private void decryptBlock(byte[] unit, int at) {
    xorTweak(unit, at, block, 0); // CC = C xor T
    data.decrypt(block); // PP = AES-dec(Key1, CC)
    xorTweak(block, 0, unit, at); // P = PP xor T
    timesAlpha(t);
  }

  /** T = AES-enc(Key2, i), 5.3.1; the bytes of i are those of the IV (5.1). */
  private void startTweak(byte[] iv) {
    System.arraycopy(iv, 0, t, 0, BLOCK_BYTES);
    tweak.encrypt(t);
  }

  private void xorTweak(byte[] from, int fromAt, byte[] to, int toAt) {
    for (int i = 0; i < BLOCK_BYTES; i++) {
      to[toAt + i] = (byte) (from[fromAt + i] ^ t[i]);
    }
  }

  /** The tail and as many bytes at the start of the block before it change places. */
  private static void swap(byte[] unit, int tailAt, int tailBytes) {
    for (int at = tailAt; at < tailAt + tailBytes; at++) {
      byte tail = unit[at];
      unit[at] = unit[at - BLOCK_BYTES];
      unit[at - BLOCK_BYTES] = tail;
    }
  }

  /** T times the primitive element alpha, 5.2: one bit left, byte by byte, lowest byte first. */
  private static void timesAlpha(byte[] t) {
    int carry = 0;
    for (int k = 0; k < BLOCK_BYTES; k++) {
      int shifted = (t[k] & 0xff) << 1 | carry;
      t[k] = (byte) shifted;
      carry = shifted >> 8;
    }
    if (carry != 0) {
      t[0] ^= (byte) TWEAK_POLYNOMIAL;
    }
  }
}
