package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import inlinecrypt.reference.AeadTransform;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Any authenticated mode of {@link inlinecrypt.reference}, through arrays. */
final class ReferenceAead extends LanedAead<ReferenceAead.Lane> {
  static final class Lane {
    private final AeadTransform transform;
    private final byte[] nonce = new byte[AeadMode.NONCE_BYTES];
    private final byte[] tag = new byte[AeadMode.TAG_BYTES];
    private byte[] associatedData = new byte[0];
    private byte[] data = new byte[0];

    private Lane(AeadTransform transform) {
      this.transform = transform;
    }

    /** Copies in everything but the tag. */
    private void load(MemorySegment nonce, MemorySegment associatedData, MemorySegment source) {
      MemorySegment.copy(nonce, ValueLayout.JAVA_BYTE, 0, this.nonce, 0, this.nonce.length);
      this.associatedData = copy(associatedData, this.associatedData);
      data = copy(source, data);
    }

    private static byte[] copy(MemorySegment from, byte[] array) {
      int sizeBytes = (int) from.byteSize();
      byte[] room = array;
      if (array.length < sizeBytes) {
        Arrays.fill(array, (byte) 0);
        room = new byte[sizeBytes];
      }
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, room, 0, sizeBytes);
      return room;
    }
  }

  private final AeadMode mode;
  private final byte[] key;

  ReferenceAead(AeadMode mode, MemorySegment key) {
    this.mode = mode;
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(AeadTransform.of(mode, key));
  }

  @Override
  void closeLane(Lane lane) {
    lane.transform.wipe();
    Arrays.fill(lane.nonce, (byte) 0);
    Arrays.fill(lane.tag, (byte) 0);
    Arrays.fill(lane.associatedData, (byte) 0);
    Arrays.fill(lane.data, (byte) 0);
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
    int lengthBytes = (int) source.byteSize();
    lane.load(nonce, associatedData, source);
    lane.transform.seal(
        lane.nonce,
        lane.associatedData,
        (int) associatedData.byteSize(),
        lane.data,
        lengthBytes,
        lane.tag);
    MemorySegment.copy(lane.data, 0, target, ValueLayout.JAVA_BYTE, 0, lengthBytes);
    MemorySegment.copy(lane.tag, 0, tag, ValueLayout.JAVA_BYTE, 0, lane.tag.length);
  }

  @Override
  boolean openMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    int lengthBytes = (int) source.byteSize();
    lane.load(nonce, associatedData, source);
    MemorySegment.copy(tag, ValueLayout.JAVA_BYTE, 0, lane.tag, 0, lane.tag.length);
    boolean authentic =
        lane.transform.open(
            lane.nonce,
            lane.associatedData,
            (int) associatedData.byteSize(),
            lane.data,
            lengthBytes,
            lane.tag);
    if (authentic) {
      MemorySegment.copy(lane.data, 0, target, ValueLayout.JAVA_BYTE, 0, lengthBytes);
    }
    return authentic;
  }
}
