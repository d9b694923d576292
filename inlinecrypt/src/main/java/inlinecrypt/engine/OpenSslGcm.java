package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;

/**
 * AES-256-GCM of libcrypto. Native segments are worked on in place; a message of which a part is on
 * the heap goes through native memory of the lane, piece by piece.
 */
final class OpenSslGcm extends LanedAead<OpenSslGcm.Lane> {
  private static final int BOUNCE_BYTES = 8192;
  private static final int MAX_CALL_BYTES = 1 << 16; // a safepoint waits for a call: some 20 µs

  final class Lane {
    private final LibCryptoCipher encrypting = new LibCryptoCipher(gcm, key, true);
    private final LibCryptoCipher decrypting = new LibCryptoCipher(gcm, key, false);
    private final MemorySegment bounce = LibCrypto.allocate(BOUNCE_BYTES);
  }

  private final long gcm; // EVP_CIPHER
  private final MemorySegment key;

  OpenSslGcm(long gcm, MemorySegment key) {
    this.gcm = gcm;
    this.key = LibCrypto.copyOf(key);
  }

  @Override
  Lane openLane() {
    return new Lane();
  }

  @Override
  void closeLane(Lane lane) {
    lane.encrypting.close();
    lane.decrypting.close();
    LibCrypto.wipeAndFree(lane.bounce);
  }

  @Override
  void closeKey() {
    LibCrypto.wipeAndFree(key);
  }

  @Override
  void sealMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    transform(lane.encrypting, lane, nonce, associatedData, source, target);
    lane.encrypting.finish(tag);
  }

  @Override
  boolean openMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    transform(lane.decrypting, lane, nonce, associatedData, source, target);
    return lane.decrypting.verify(tag);
  }

  private static void transform(
      LibCryptoCipher cipher,
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target) {
    cipher.start(nonce);
    for (long done = 0; done < associatedData.byteSize(); done += BOUNCE_BYTES) {
      int bytes = (int) Math.min(BOUNCE_BYTES, associatedData.byteSize() - done);
      MemorySegment.copy(associatedData, done, lane.bounce, 0, bytes);
      cipher.authenticate(lane.bounce, bytes);
    }
    long lengthBytes = source.byteSize();
    if (source.isNative() && target.isNative()) {
      for (long done = 0; done < lengthBytes; done += MAX_CALL_BYTES) {
        int bytes = (int) Math.min(MAX_CALL_BYTES, lengthBytes - done);
        cipher.transform(source, done, target, done, bytes);
      }
      return;
    }
    for (long done = 0; done < lengthBytes; done += BOUNCE_BYTES) {
      int bytes = (int) Math.min(BOUNCE_BYTES, lengthBytes - done);
      MemorySegment.copy(source, done, lane.bounce, 0, bytes);
      cipher.transform(lane.bounce, 0, lane.bounce, 0, bytes);
      MemorySegment.copy(lane.bounce, 0, target, done, bytes);
    }
  }
}
