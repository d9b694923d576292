package inlinecrypt.mode;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adiantum (Crowley and Biggers, 2018): hash, one block of AES-256, stream cipher, hash. A change
 * of any bit of a unit changes all of it. Section numbers are those of the paper.
 *
 * <p>Units go through each step together: their blocks fill the lanes of {@link ChaChaLanes}, and
 * the one block that each has for AES goes in one call.
 */
public final class Adiantum implements BatchCipher {
  private static final int BLOCK_BYTES = 16;
  private static final int AES_KEY_BYTES = 32;
  private static final int DERIVED_BYTES = AES_KEY_BYTES + 16 + 16 + NhHash.KEY_BYTES;
  private static final int MAX_UNITS = 128;

  private final XChaCha stream;
  private final byte[] nhKey = new byte[NhHash.KEY_BYTES];
  private final Poly1305 headPoly = new Poly1305();
  private final Poly1305 bodyPoly = new Poly1305();
  private final BlockCipher aes;
  private final Scratch middles = new Scratch(MAX_UNITS * BLOCK_BYTES); // P_M, then C_M
  private final long[] heads = new long[2 * MAX_UNITS]; // the hash of length and tweak
  private final long[] nhWords = new long[16 * NhHash.HASH_WORDS];
  private @Nullable AdiantumMemory lastMemory;
  private long hashLow;
  private long hashHigh;

  /**
   * @param key 32 bytes; the caller wipes them
   * @param rounds of XChaCha: 12 as fscrypt has it, or 20
   * @param aes256 makes AES-256 from 32 bytes, which are wiped after the call
   */
  public Adiantum(byte[] key, int rounds, Function<byte[], BlockCipher> aes256) {
    stream = new XChaCha(rounds);
    byte[] derived = new byte[blocks(DERIVED_BYTES) * XChaCha.BLOCK_BYTES];
    byte[] aesKey = new byte[AES_KEY_BYTES];
    boolean made = false;
    try {
      for (int i = 0; i < XChaCha.KEY_WORDS; i++) {
        stream.key()[i] = Words.intAt(key, 4 * i);
      }
      derive(derived);
      headPoly.key(Words.longAt(derived, 32), Words.longAt(derived, 40));
      bodyPoly.key(Words.longAt(derived, 48), Words.longAt(derived, 56));
      System.arraycopy(derived, 64, nhKey, 0, NhHash.KEY_BYTES);
      System.arraycopy(derived, 0, aesKey, 0, AES_KEY_BYTES);
      aes = aes256.apply(aesKey);
      made = true;
    } finally {
      Arrays.fill(aesKey, (byte) 0);
      Arrays.fill(derived, (byte) 0);
      if (!made) {
        wipe();
      }
    }
  }

  /** 3: K_E || K_T || K_M || K_N is the key stream of the nonce 1. */
  private void derive(byte[] derived) {
    byte[] nonce = new byte[XChaCha.NONCE_BYTES];
    nonce[0] = 1;
    AdiantumMemory memory = AdiantumMemory.take(this, null);
    try {
      memory.own(this);
      stream.xor(memory.lanes, nonce, 0, derived, 0, derived.length / XChaCha.BLOCK_BYTES, 1);
    } finally {
      memory.release();
    }
    lastMemory = memory;
  }

  @Override
  public int unitsAtOnce(int lengthBytes) {
    return Math.min(MAX_UNITS, XChaCha.messagesAtOnce(blocks(lengthBytes - BLOCK_BYTES)));
  }

  /** The stream cipher writes whole blocks of its own. */
  @Override
  public int slotBytes(int lengthBytes) {
    return blocks(lengthBytes) * XChaCha.BLOCK_BYTES;
  }

  @Override
  public void encrypt(
      Scratch units, int lengthBytes, int count, long iv0, long iv1, long iv2, long iv3) {
    AdiantumMemory memory = AdiantumMemory.take(this, lastMemory);
    try {
      memory.key(this, nhKey);
      lastMemory = memory;
      hashHeads(lengthBytes, count, iv0, iv1, iv2, iv3);
      addHashes(memory.nh, units.bytes(), lengthBytes, count);
      aes.encrypt(middles, count * BLOCK_BYTES);
      xorStream(memory.lanes, units.bytes(), lengthBytes, count);
      subtractHashes(memory.nh, units.bytes(), lengthBytes, count);
    } finally {
      memory.release();
    }
  }

  @Override
  public void decrypt(
      Scratch units, int lengthBytes, int count, long iv0, long iv1, long iv2, long iv3) {
    AdiantumMemory memory = AdiantumMemory.take(this, lastMemory);
    try {
      memory.key(this, nhKey);
      lastMemory = memory;
      hashHeads(lengthBytes, count, iv0, iv1, iv2, iv3);
      addHashes(memory.nh, units.bytes(), lengthBytes, count);
      xorStream(memory.lanes, units.bytes(), lengthBytes, count);
      aes.decrypt(middles, count * BLOCK_BYTES);
      subtractHashes(memory.nh, units.bytes(), lengthBytes, count);
    } finally {
      memory.release();
    }
  }

  @Override
  public void close() {
    aes.close();
    wipe();
  }

  private void wipe() {
    stream.wipe();
    Arrays.fill(nhKey, (byte) 0);
    headPoly.wipe();
    bodyPoly.wipe();
    middles.wipe();
    Arrays.fill(heads, 0);
    Arrays.fill(nhWords, 0);
    hashLow = 0;
    hashHigh = 0;
    AdiantumMemory.wipeAllOf(this);
  }

  private static int blocks(int lengthBytes) {
    return (lengthBytes + XChaCha.BLOCK_BYTES - 1) / XChaCha.BLOCK_BYTES;
  }

  /** 2.2: Poly1305 of length and tweak, which both hashes of a unit have in common. */
  private void hashHeads(int lengthBytes, int count, long iv0, long iv1, long iv2, long iv3) {
    long bulkBits = 8L * (lengthBytes - BLOCK_BYTES);
    for (int unit = 0; unit < count; unit++) {
      headPoly.start();
      headPoly.block(bulkBits, 0);
      headPoly.block(iv0, iv1);
      headPoly.block(iv2, iv3);
      headPoly.finish();
      heads[2 * unit] = headPoly.low();
      heads[2 * unit + 1] = headPoly.high();
      if (++iv0 == 0 && ++iv1 == 0 && ++iv2 == 0) {
        iv3++;
      }
    }
  }

  /** Puts the last block of each unit, plus the hash of the others, into {@link #middles}. */
  private void addHashes(NhHash nh, byte[] bytes, int lengthBytes, int count) {
    int bulkBytes = lengthBytes - BLOCK_BYTES;
    for (int unit = 0; unit < count; unit++) {
      int at = unit * slotBytes(lengthBytes);
      long low = Words.longAt(bytes, at + bulkBytes);
      long high = Words.longAt(bytes, at + bulkBytes + 8);
      hash(nh, bytes, at, bulkBytes, unit);
      long sum = low + hashLow;
      long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
      Words.put(middles.bytes(), unit * BLOCK_BYTES, sum);
      Words.put(middles.bytes(), unit * BLOCK_BYTES + 8, high + hashHigh + carry);
    }
  }

  /** Puts {@link #middles}, minus the hash of a unit's other blocks, into its last block. */
  private void subtractHashes(NhHash nh, byte[] bytes, int lengthBytes, int count) {
    int bulkBytes = lengthBytes - BLOCK_BYTES;
    for (int unit = 0; unit < count; unit++) {
      int at = unit * slotBytes(lengthBytes);
      long low = Words.longAt(middles.bytes(), unit * BLOCK_BYTES);
      long high = Words.longAt(middles.bytes(), unit * BLOCK_BYTES + 8);
      hash(nh, bytes, at, bulkBytes, unit);
      long borrow = Long.compareUnsigned(low, hashLow) < 0 ? 1 : 0;
      Words.put(bytes, at + bulkBytes, low - hashLow);
      Words.put(bytes, at + bulkBytes + 8, high - hashHigh - borrow);
    }
  }

  private void xorStream(ChaChaLanes lanes, byte[] bytes, int lengthBytes, int count) {
    int blocks = blocks(lengthBytes - BLOCK_BYTES);
    stream.xor(lanes, middles.bytes(), 1, bytes, slotBytes(lengthBytes), blocks, count);
  }

  /** 2.2: the hash of length and tweak, plus Poly1305 of NH of the bulk, modulo 2^128. */
  private void hash(NhHash nh, byte[] bytes, int offset, int bulkBytes, int unit) {
    // The bulk is padded with zeros, over the last block, which is elsewhere and comes back anew.
    Words.put(bytes, offset + bulkBytes, 0);
    Words.put(bytes, offset + bulkBytes + 8, 0);
    int padded = bulkBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    bodyPoly.start();
    int words = 0;
    for (int done = 0; done < padded; done += NhHash.CHUNK_BYTES) {
      nh.hash(bytes, offset + done, Math.min(NhHash.CHUNK_BYTES, padded - done), nhWords, words);
      words += NhHash.HASH_WORDS;
      if (words == nhWords.length) {
        bodyPoly.blocks(nhWords, words);
        words = 0;
      }
    }
    bodyPoly.blocks(nhWords, words);
    bodyPoly.finish();
    hashLow = heads[2 * unit] + bodyPoly.low();
    long carry = Long.compareUnsigned(hashLow, bodyPoly.low()) < 0 ? 1 : 0;
    hashHigh = heads[2 * unit + 1] + bodyPoly.high() + carry;
  }
}
