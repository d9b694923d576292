package inlinecrypt.mode;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Adiantum (Crowley and Biggers, 2018): hash, one block of AES-256, stream cipher, hash. A change
 * of any bit of a unit changes all of it. Section numbers are those of the paper.
 */
public final class Adiantum implements UnitCipher {
  private static final int BLOCK_BYTES = 16;
  private static final int AES_KEY_BYTES = 32;
  private static final int DERIVED_BYTES = AES_KEY_BYTES + 16 + 16 + NhHash.KEY_BYTES;

  private final XChaCha stream;
  private final NhHash nh = new NhHash();
  private final Poly1305 headPoly = new Poly1305();
  private final Poly1305 bodyPoly = new Poly1305();
  private final BlockCipher aes;
  private final Scratch block = new Scratch(BLOCK_BYTES);
  private long hashLow;
  private long hashHigh;

  /**
   * @param key 32 bytes; the caller wipes them
   * @param rounds of XChaCha: 12 as fscrypt has it, or 20
   * @param aes256 makes AES-256 from 32 bytes, which are wiped after the call
   */
  public Adiantum(byte[] key, int rounds, Function<byte[], BlockCipher> aes256) {
    stream = new XChaCha(rounds);
    for (int i = 0; i < XChaCha.KEY_WORDS; i++) {
      stream.key()[i] = Words.intAt(key, 4 * i);
    }
    // 3: K_E || K_T || K_M || K_N is the key stream of the nonce 1.
    byte[] derived = new byte[DERIVED_BYTES + Long.BYTES];
    stream.xor(1, 0, 0, derived, DERIVED_BYTES);
    byte[] aesKey = Arrays.copyOf(derived, AES_KEY_BYTES);
    try {
      aes = aes256.apply(aesKey);
      headPoly.key(Words.longAt(derived, 32), Words.longAt(derived, 40));
      bodyPoly.key(Words.longAt(derived, 48), Words.longAt(derived, 56));
      nh.key(derived, 64);
    } finally {
      Arrays.fill(aesKey, (byte) 0);
      Arrays.fill(derived, (byte) 0);
    }
  }

  @Override
  public void encrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] bytes = unit.bytes();
    int bulkBytes = lengthBytes - BLOCK_BYTES;
    long low = Words.longAt(bytes, bulkBytes);
    long high = Words.longAt(bytes, bulkBytes + 8);
    hash(bytes, bulkBytes, iv0, iv1, iv2, iv3);
    putSum(low, high, hashLow, hashHigh);
    aes.encrypt(block, BLOCK_BYTES);
    long middleLow = Words.longAt(block.bytes(), 0);
    long middleHigh = Words.longAt(block.bytes(), 8);
    stream.xor(middleLow, middleHigh, 1, bytes, bulkBytes);
    hash(bytes, bulkBytes, iv0, iv1, iv2, iv3);
    Words.put(bytes, bulkBytes, middleLow - hashLow);
    long borrow = Long.compareUnsigned(middleLow, hashLow) < 0 ? 1 : 0;
    Words.put(bytes, bulkBytes + 8, middleHigh - hashHigh - borrow);
  }

  @Override
  public void decrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] bytes = unit.bytes();
    int bulkBytes = lengthBytes - BLOCK_BYTES;
    long low = Words.longAt(bytes, bulkBytes);
    long high = Words.longAt(bytes, bulkBytes + 8);
    hash(bytes, bulkBytes, iv0, iv1, iv2, iv3);
    putSum(low, high, hashLow, hashHigh);
    stream.xor(Words.longAt(block.bytes(), 0), Words.longAt(block.bytes(), 8), 1, bytes, bulkBytes);
    aes.decrypt(block, BLOCK_BYTES);
    hash(bytes, bulkBytes, iv0, iv1, iv2, iv3);
    long middleLow = Words.longAt(block.bytes(), 0);
    long middleHigh = Words.longAt(block.bytes(), 8);
    Words.put(bytes, bulkBytes, middleLow - hashLow);
    long borrow = Long.compareUnsigned(middleLow, hashLow) < 0 ? 1 : 0;
    Words.put(bytes, bulkBytes + 8, middleHigh - hashHigh - borrow);
  }

  @Override
  public void close() {
    aes.close();
    stream.wipe();
    nh.wipe();
    headPoly.wipe();
    bodyPoly.wipe();
    block.wipe();
  }

  private void putSum(long low, long high, long addLow, long addHigh) {
    long sum = low + addLow;
    Words.put(block.bytes(), 0, sum);
    Words.put(block.bytes(), 8, high + addHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0));
  }

  /** 2.2: Poly1305 of length and tweak, plus Poly1305 of NH of the bulk, modulo 2^128. */
  private void hash(byte[] bytes, int bulkBytes, long iv0, long iv1, long iv2, long iv3) {
    headPoly.start();
    headPoly.block(8L * bulkBytes, 0);
    headPoly.block(iv0, iv1);
    headPoly.block(iv2, iv3);
    headPoly.finish();
    // The bulk is padded with zeros, over the last block, which was taken out and comes back anew.
    Words.put(bytes, bulkBytes, 0);
    Words.put(bytes, bulkBytes + 8, 0);
    int padded = bulkBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    bodyPoly.start();
    int done = 0;
    while (done < padded) {
      int chunks = 0;
      nh.hash(bytes, done, Math.min(NhHash.MAX_CHUNKS * NhHash.CHUNK_BYTES, padded - done));
      for (; chunks < NhHash.MAX_CHUNKS && done < padded; chunks++) {
        int chunkBytes = Math.min(NhHash.CHUNK_BYTES, padded - done);
        bodyPoly.block(nh.word(chunks, 0, chunkBytes), nh.word(chunks, 1, chunkBytes));
        bodyPoly.block(nh.word(chunks, 2, chunkBytes), nh.word(chunks, 3, chunkBytes));
        done += chunkBytes;
      }
    }
    bodyPoly.finish();
    hashLow = headPoly.low() + bodyPoly.low();
    hashHigh =
        headPoly.high()
            + bodyPoly.high()
            + (Long.compareUnsigned(hashLow, bodyPoly.low()) < 0 ? 1 : 0);
  }
}
