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
 * AES-256-GCM-SIV (RFC 8452, sections 4 and 5) on Bouncy Castle's AES and GHASH tables.
 *
 * <p>Each message has keys of its own, derived from its nonce, and Bouncy Castle makes a new key
 * schedule for each AES key: this mode allocates with each message, however long it is.
 */
final class BouncyCastleGcmSiv extends LanedAead<BouncyCastleGcmSiv.Lane> {
  private static final int CHUNK_BYTES = 4096;
  private static final int AUTHENTICATION_KEY_BYTES = 16;
  private static final int ENCRYPTION_KEY_BYTES = 32;
  private static final int DERIVED_BYTES_PER_BLOCK = 8;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final class Lane {
    private final BlockCipher deriving;
    private final BlockCipher encrypting; // with the key of the message
    private final BouncyCastlePolyval polyval = new BouncyCastlePolyval();
    private final byte[] messageKeys = new byte[AUTHENTICATION_KEY_BYTES + ENCRYPTION_KEY_BYTES];
    private final byte[] nonce = new byte[AeadMode.NONCE_BYTES];
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] counterBlock = new byte[BLOCK_BYTES];
    private final byte[] keystream = new byte[BLOCK_BYTES];
    private final byte[] tag = new byte[BLOCK_BYTES];
    private final byte[] claimedTag = new byte[BLOCK_BYTES];
    private int counter;

    private Lane(byte[] key) {
      deriving = BouncyCastleBlocks.AES.encrypting(key, 0, key.length);
      encrypting = BouncyCastleBlocks.AES.encrypting(key, 0, key.length);
    }

    /** Derives the keys of the message (section 4) and takes in the associated data. */
    private void start(MemorySegment nonceSegment, MemorySegment associatedData) {
      MemorySegment.copy(nonceSegment, ValueLayout.JAVA_BYTE, 0, nonce, 0, AeadMode.NONCE_BYTES);
      try {
        for (int i = 0; i * DERIVED_BYTES_PER_BLOCK < messageKeys.length; i++) {
          INT.set(counterBlock, 0, i);
          System.arraycopy(nonce, 0, counterBlock, Integer.BYTES, AeadMode.NONCE_BYTES);
          deriving.processBlock(counterBlock, 0, keystream, 0);
          System.arraycopy(
              keystream, 0, messageKeys, i * DERIVED_BYTES_PER_BLOCK, DERIVED_BYTES_PER_BLOCK);
        }
        polyval.start(messageKeys);
        BouncyCastleBlocks.rekey(
            encrypting, true, messageKeys, AUTHENTICATION_KEY_BYTES, ENCRYPTION_KEY_BYTES);
      } finally {
        Arrays.fill(messageKeys, (byte) 0);
        Arrays.fill(keystream, (byte) 0);
      }
      for (long at = 0; at < associatedData.byteSize(); at += CHUNK_BYTES) {
        polyval.update(chunk, 0, load(associatedData, at));
      }
    }

    /** Makes the tag of all that was taken in (section 4). */
    private void finishTag(long associatedBytes, long messageBytes) {
      polyval.update(8 * associatedBytes, 8 * messageBytes);
      LONG.set(tag, 0, polyval.low());
      LONG.set(tag, 8, polyval.high());
      BouncyCastleBlocks.xor(nonce, 0, tag, 0, AeadMode.NONCE_BYTES);
      tag[BLOCK_BYTES - 1] &= 0x7f;
      encrypting.processBlock(tag, 0, tag, 0);
    }

    /** Starts the keystream: its first counter block is the tag with the highest bit set. */
    private void startKeystream(byte[] fromTag) {
      System.arraycopy(fromTag, 0, counterBlock, 0, BLOCK_BYTES);
      counterBlock[BLOCK_BYTES - 1] |= (byte) 0x80;
      counter = (int) INT.get(counterBlock, 0);
    }

    private void xorKeystream(int bytes) {
      for (int at = 0; at < bytes; at += BLOCK_BYTES) {
        INT.set(counterBlock, 0, counter++);
        encrypting.processBlock(counterBlock, 0, keystream, 0);
        BouncyCastleBlocks.xor(keystream, 0, chunk, at, Math.min(BLOCK_BYTES, bytes - at));
      }
    }

    private int load(MemorySegment data, long at) {
      int bytes = (int) Math.min(CHUNK_BYTES, data.byteSize() - at);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, chunk, 0, bytes);
      return bytes;
    }

    private void wipe() {
      BouncyCastleBlocks.wipe(deriving);
      BouncyCastleBlocks.wipe(encrypting);
      polyval.wipe();
      Arrays.fill(nonce, (byte) 0);
      Arrays.fill(chunk, (byte) 0);
      Arrays.fill(counterBlock, (byte) 0);
      Arrays.fill(keystream, (byte) 0);
      Arrays.fill(tag, (byte) 0);
      Arrays.fill(claimedTag, (byte) 0);
    }
  }

  private final byte[] key;

  BouncyCastleGcmSiv(MemorySegment key) {
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
      lane.polyval.update(lane.chunk, 0, lane.load(source, at));
    }
    lane.finishTag(associatedData.byteSize(), source.byteSize());
    MemorySegment.copy(lane.tag, 0, tag, ValueLayout.JAVA_BYTE, 0, AeadMode.TAG_BYTES);
    lane.startKeystream(lane.tag);
    for (long at = 0; at < source.byteSize(); at += CHUNK_BYTES) {
      int bytes = lane.load(source, at);
      lane.xorKeystream(bytes);
      MemorySegment.copy(lane.chunk, 0, target, ValueLayout.JAVA_BYTE, at, bytes);
    }
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
    MemorySegment.copy(tag, ValueLayout.JAVA_BYTE, 0, lane.claimedTag, 0, AeadMode.TAG_BYTES);
    lane.startKeystream(lane.claimedTag);
    for (long at = 0; at < source.byteSize(); at += CHUNK_BYTES) {
      int bytes = lane.load(source, at);
      lane.xorKeystream(bytes);
      lane.polyval.update(lane.chunk, 0, bytes);
      MemorySegment.copy(lane.chunk, 0, target, ValueLayout.JAVA_BYTE, at, bytes);
    }
    lane.finishTag(associatedData.byteSize(), source.byteSize());
    return org.bouncycastle.util.Arrays.constantTimeAreEqual(lane.tag, lane.claimedTag);
  }
}
