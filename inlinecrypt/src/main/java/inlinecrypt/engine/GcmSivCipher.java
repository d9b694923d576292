package inlinecrypt.engine;

import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.GcmSiv;
import inlinecrypt.mode.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * AES-256-GCM-SIV (RFC 8452) over the AES of an engine. Each nonce has an AES key of its own, so
 * that each message costs a key schedule: of {@code openssl} some nanoseconds, of the JDK and
 * Bouncy Castle an allocation as well, which there is no way around, since neither takes a key into
 * the schedule it has.
 */
final class GcmSivCipher extends LanedAead<GcmSivCipher.Lane> {
  private static final int BLOCK_BYTES = 16;
  private static final int NONCE_BYTES = 12;
  private static final int DERIVED_BLOCKS = 6; // half of each is used: 16 + 32 bytes of keys
  private static final int AUTHENTICATION_KEY_BYTES = 16;

  static final class Lane {
    private final BlockCipher derivation;
    private final BlockCipher message; // another key comes with each
    private final GcmSiv parts = new GcmSiv();
    final Scratch keys = new Scratch(DERIVED_BLOCKS * BLOCK_BYTES);
    private final Scratch nonce = new Scratch(BLOCK_BYTES);
    final Scratch tag = new Scratch(BLOCK_BYTES);
    final Scratch data = new Scratch(GcmSiv.BATCH_BYTES);
    final Scratch stream = new Scratch(GcmSiv.BATCH_BYTES);

    private Lane(BlockCipher derivation, BlockCipher message) {
      this.derivation = derivation;
      this.message = message;
    }
  }

  private final Supplier<BlockCipher> aes;
  private final Runnable wipeKey;

  /**
   * @param aes makes AES with the key of this cipher
   * @param wipeKey wipes that key, after all are closed
   */
  GcmSivCipher(Supplier<BlockCipher> aes, Runnable wipeKey) {
    this.aes = aes;
    this.wipeKey = wipeKey;
  }

  /**
   * @param aes makes AES from the key's bytes, which are wiped after all are closed
   */
  static GcmSivCipher keyed(MemorySegment key, Function<byte[], BlockCipher> aes) {
    byte[] kept = key.toArray(ValueLayout.JAVA_BYTE);
    return new GcmSivCipher(() -> aes.apply(kept), () -> Arrays.fill(kept, (byte) 0));
  }

  @Override
  Lane openLane() {
    return new Lane(aes.get(), aes.get());
  }

  @Override
  void closeLane(Lane lane) {
    lane.derivation.close();
    lane.message.close();
    lane.parts.wipe();
    for (Scratch scratch : List.of(lane.nonce, lane.tag, lane.data, lane.stream)) {
      scratch.wipe();
    }
  }

  @Override
  void closeKey() {
    wipeKey.run();
  }

  @Override
  void sealMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    start(lane, nonce, associatedData);
    authenticate(lane, source);
    makeTag(lane, associatedData.byteSize(), source.byteSize());
    MemorySegment.copy(lane.tag.segment(), 0, tag, 0, BLOCK_BYTES);
    lane.parts.startCounter(lane.tag);
    addKeyStream(lane, source, target);
  }

  @Override
  boolean openMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    boolean authentic = false;
    try {
      start(lane, nonce, associatedData);
      MemorySegment.copy(tag, 0, lane.tag.segment(), 0, BLOCK_BYTES);
      lane.parts.startCounter(lane.tag);
      addKeyStream(lane, source, target);
      authenticate(lane, target);
      makeTag(lane, associatedData.byteSize(), source.byteSize());
      int difference = 0;
      for (int i = 0; i < BLOCK_BYTES; i++) {
        difference |= lane.tag.bytes()[i] ^ tag.get(ValueLayout.JAVA_BYTE, i);
      }
      authentic = difference == 0;
    } finally {
      if (!authentic) {
        lane.data.wipe();
        lane.stream.wipe();
        lane.tag.wipe(); // the one that would have fitted
      }
    }
    return authentic;
  }

  /** RFC 8452, 4: the message's keys, from the first half of each encrypted block. */
  private static void start(Lane lane, MemorySegment nonce, MemorySegment associatedData) {
    MemorySegment.copy(nonce, 0, lane.nonce.segment(), 0, NONCE_BYTES);
    byte[] keys = lane.keys.bytes();
    for (int i = 0; i < DERIVED_BLOCKS; i++) {
      keys[BLOCK_BYTES * i] = (byte) i;
      keys[BLOCK_BYTES * i + 1] = 0;
      keys[BLOCK_BYTES * i + 2] = 0;
      keys[BLOCK_BYTES * i + 3] = 0;
      System.arraycopy(lane.nonce.bytes(), 0, keys, BLOCK_BYTES * i + 4, NONCE_BYTES);
    }
    lane.derivation.encrypt(lane.keys, keys.length);
    for (int i = 1; i < DERIVED_BLOCKS; i++) {
      System.arraycopy(keys, BLOCK_BYTES * i, keys, BLOCK_BYTES / 2 * i, BLOCK_BYTES / 2);
    }
    try {
      lane.parts.start(lane.keys);
      lane.message.rekeyEncryption(lane.keys, AUTHENTICATION_KEY_BYTES);
    } finally {
      lane.keys.wipe();
    }
    authenticate(lane, associatedData);
  }

  private static void authenticate(Lane lane, MemorySegment bytes) {
    for (long done = 0; done < bytes.byteSize(); done += GcmSiv.BATCH_BYTES) {
      int part = (int) Math.min(GcmSiv.BATCH_BYTES, bytes.byteSize() - done);
      MemorySegment.copy(bytes, done, lane.data.segment(), 0, part);
      lane.parts.authenticate(lane.data, part);
    }
  }

  private static void makeTag(Lane lane, long associatedBytes, long messageBytes) {
    lane.parts.tagInput(associatedBytes, messageBytes, lane.nonce, lane.tag);
    lane.message.encrypt(lane.tag, BLOCK_BYTES);
  }

  private static void addKeyStream(Lane lane, MemorySegment source, MemorySegment target) {
    for (long done = 0; done < source.byteSize(); done += GcmSiv.BATCH_BYTES) {
      int part = (int) Math.min(GcmSiv.BATCH_BYTES, source.byteSize() - done);
      MemorySegment.copy(source, done, lane.data.segment(), 0, part);
      lane.parts.addKeyStream(lane.message, lane.stream, lane.data, part);
      MemorySegment.copy(lane.data.segment(), 0, target, done, part);
    }
  }
}
