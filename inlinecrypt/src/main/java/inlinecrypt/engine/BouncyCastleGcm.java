package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import inlinecrypt.AeadMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;

/**
 * AES-256-GCM (NIST SP 800-38D, 7.1 and 7.2) on Bouncy Castle's AES and GHASH tables. Its own GCM
 * allocates with each message.
 *
 * <p>A message is authenticated before anything of it is decrypted.
 */
final class BouncyCastleGcm extends LanedAead<BouncyCastleGcm.Lane> {
  private static final int CHUNK_BYTES = 4096;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  static final class Lane {
    private final BlockCipher encrypting;
    private final BouncyCastleGhash ghash;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] counterBlock = new byte[BLOCK_BYTES];
    private final byte[] keystream = new byte[BLOCK_BYTES];
    private final byte[] tag = new byte[BLOCK_BYTES];
    private final byte[] claimedTag = new byte[BLOCK_BYTES];
    private int counter;

    private Lane(byte[] key) {
      encrypting = BouncyCastleBlocks.AES.encrypting(key, 0, key.length);
      byte[] h = new byte[BLOCK_BYTES];
      encrypting.processBlock(h, 0, h, 0);
      ghash = new BouncyCastleGhash(h);
      Arrays.fill(h, (byte) 0);
    }

    /** Sets the counter to that of the first block and takes in the associated data. */
    private void start(MemorySegment nonce, MemorySegment associatedData) {
      MemorySegment.copy(nonce, ValueLayout.JAVA_BYTE, 0, counterBlock, 0, AeadMode.NONCE_BYTES);
      INT.set(counterBlock, AeadMode.NONCE_BYTES, 1);
      encrypting.processBlock(counterBlock, 0, tag, 0); // the tag is this XOR the hash
      counter = 2;
      ghash.restart();
      hash(associatedData);
    }

    private void hash(MemorySegment data) {
      for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
        int bytes = load(data, at);
        ghash.update(chunk, bytes);
      }
    }

    private void finishTag(long associatedBytes, long messageBytes) {
      ghash.updateLengths(associatedBytes, messageBytes);
      ghash.xorInto(tag);
    }

    private int load(MemorySegment data, long at) {
      int bytes = (int) Math.min(CHUNK_BYTES, data.byteSize() - at);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, bytes);
      return bytes;
    }

    private void xorKeystream(int bytes) {
      for (int at = 0; at < bytes; at += BLOCK_BYTES) {
        INT.set(counterBlock, AeadMode.NONCE_BYTES, counter++);
        encrypting.processBlock(counterBlock, 0, keystream, 0);
        BouncyCastleBlocks.xor(keystream, 0, chunk, at, Math.min(BLOCK_BYTES, bytes - at));
      }
    }

    private void wipe() {
      BouncyCastleBlocks.wipe(encrypting);
      ghash.wipe();
      Arrays.fill(chunk, (byte) 0);
      Arrays.fill(counterBlock, (byte) 0);
      Arrays.fill(keystream, (byte) 0);
      Arrays.fill(tag, (byte) 0);
      Arrays.fill(claimedTag, (byte) 0);
    }
  }

  private final byte[] key;

  BouncyCastleGcm(MemorySegment key) {
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(key);
  }

  @Override
  void closeLane(Lane lane) {
    lane.wipe();
  }

  @Override
  void closeKey() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  void sealMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    lane.start(nonce, associatedData);
    for (long at = 0; at < source.byteSize(); at += CHUNK_BYTES) {
      int bytes = lane.load(source, at);
      lane.xorKeystream(bytes);
      lane.ghash.update(lane.chunk, bytes);
      MemorySegment.copy(lane.chunk, 0, target, ValueLayout.JAVA_BYTE, at, bytes);
    }
    lane.finishTag(associatedData.byteSize(), source.byteSize());
    MemorySegment.copy(lane.tag, 0, tag, ValueLayout.JAVA_BYTE, 0, AeadMode.TAG_BYTES);
  }

  @Override
  boolean openMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    lane.start(nonce, associatedData);
    lane.hash(source);
    lane.finishTag(associatedData.byteSize(), source.byteSize());
    MemorySegment.copy(tag, ValueLayout.JAVA_BYTE, 0, lane.claimedTag, 0, AeadMode.TAG_BYTES);
    if (!org.bouncycastle.util.Arrays.constantTimeAreEqual(lane.tag, lane.claimedTag)) {
      return false;
    }
    for (long at = 0; at < source.byteSize(); at += CHUNK_BYTES) {
      int bytes = lane.load(source, at);
      lane.xorKeystream(bytes);
      MemorySegment.copy(lane.chunk, 0, target, ValueLayout.JAVA_BYTE, at, bytes);
    }
    return true;
  }
}
