package blockdev.nvme.kpio;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Host's side of the key channel: KMIP requests that import a key, and what a response says.
 *
 * <p>A media encryption key is two keys of 256 bits, XTS's Key1 and Key2, imported by two batch
 * items of one request that link to each other. The SSC's attributes are vendor attributes of
 * "TCG"; that they are integers, and that a KEK's UID is its row, is our choice.
 */
public final class KeyImport {
  /** Bytes that any request of this class fits into. */
  public static final int MAX_BYTES = 2048;

  private static final int KEY_BITS = 256;

  private KeyImport() {}

  /**
   * Writes the request that puts a media encryption key behind a key tag.
   *
   * @param kekUid the identifier under which the wrapping key was imported
   * @param wrappedKey1 XTS's Key1, wrapped by AES-KW
   * @return its bytes
   */
  public static int putMek(
      MemorySegment target,
      int namespace,
      int keyTag,
      String kekUid,
      byte[] wrappedKey1,
      byte[] wrappedKey2) {
    String uid = "mek-" + namespace + "-" + keyTag + "-";
    TtlvWriter writer = begin(target, 2);
    putMekPart(writer, namespace, keyTag, uid + 1, Kmip.LINK_NEXT, uid + 2, kekUid, wrappedKey1);
    putMekPart(
        writer, namespace, keyTag, uid + 2, Kmip.LINK_PREVIOUS, uid + 1, kekUid, wrappedKey2);
    writer.end();
    return writer.bytes();
  }

  private static void putMekPart(
      TtlvWriter writer,
      int namespace,
      int keyTag,
      String uid,
      int linkType,
      String linkedUid,
      String kekUid,
      byte[] wrappedKey) {
    beginItem(writer, uid, Kmip.ROLE_DEK);
    writer.begin(Kmip.LINK);
    writer.enumeration(Kmip.LINK_TYPE, linkType);
    writer.text(Kmip.LINKED_OBJECT_IDENTIFIER, linkedUid);
    writer.end();
    putVendorAttribute(writer, Kmip.NAMESPACE_ID, namespace);
    putVendorAttribute(writer, Kmip.KEY_TAG, keyTag);
    writer.end();
    beginKeyBlock(writer);
    writer.byteString(Kmip.KEY_VALUE, wrappedKey);
    endKeyBlock(writer, kekUid);
    endItem(writer);
  }

  /**
   * Writes the request that puts the first key encryption key into an empty row, in the clear.
   *
   * @return its bytes
   */
  public static int putPlaintextKek(MemorySegment target, int row, String uid, byte[] kek) {
    TtlvWriter writer = begin(target, 1);
    beginItem(writer, uid, Kmip.ROLE_KEK);
    putVendorAttribute(writer, Kmip.UID, row);
    writer.end();
    beginKeyBlock(writer);
    writer.begin(Kmip.KEY_VALUE);
    writer.byteString(Kmip.KEY_MATERIAL, kek);
    writer.end();
    endKeyBlock(writer, null);
    endItem(writer);
    writer.end();
    return writer.bytes();
  }

  /**
   * Writes the request that puts a key encryption key into a row, wrapped by another.
   *
   * @return its bytes
   */
  public static int putWrappedKek(
      MemorySegment target, int row, String uid, String kekUid, byte[] wrappedKek) {
    TtlvWriter writer = begin(target, 1);
    beginItem(writer, uid, Kmip.ROLE_KEK);
    putVendorAttribute(writer, Kmip.UID, row);
    writer.end();
    beginKeyBlock(writer);
    writer.byteString(Kmip.KEY_VALUE, wrappedKek);
    endKeyBlock(writer, kekUid);
    endItem(writer);
    writer.end();
    return writer.bytes();
  }

  private static TtlvWriter begin(MemorySegment target, int items) {
    TtlvWriter writer = new TtlvWriter(target);
    writer.begin(Kmip.REQUEST_MESSAGE);
    writer.begin(Kmip.REQUEST_HEADER);
    writer.begin(Kmip.PROTOCOL_VERSION);
    writer.integer(Kmip.PROTOCOL_VERSION_MAJOR, Kmip.VERSION_MAJOR);
    writer.integer(Kmip.PROTOCOL_VERSION_MINOR, Kmip.VERSION_MINOR);
    writer.end();
    writer.integer(Kmip.BATCH_COUNT, items);
    writer.end();
    return writer;
  }

  /** Up to and into the attributes, which the caller ends. */
  private static void beginItem(TtlvWriter writer, String uid, int role) {
    writer.begin(Kmip.BATCH_ITEM);
    writer.enumeration(Kmip.OPERATION, Kmip.IMPORT);
    writer.byteString(Kmip.UNIQUE_BATCH_ITEM_ID, uid.getBytes(StandardCharsets.US_ASCII));
    writer.begin(Kmip.REQUEST_PAYLOAD);
    writer.text(Kmip.UNIQUE_IDENTIFIER, uid);
    writer.enumeration(Kmip.OBJECT_TYPE, Kmip.OBJECT_TYPE_SYMMETRIC_KEY);
    writer.begin(Kmip.ATTRIBUTES);
    writer.begin(Kmip.CRYPTOGRAPHIC_PARAMETERS);
    writer.enumeration(Kmip.KEY_ROLE_TYPE, role);
    writer.end();
  }

  private static void endItem(TtlvWriter writer) {
    writer.end();
    writer.end();
  }

  private static void putVendorAttribute(TtlvWriter writer, String name, int value) {
    writer.begin(Kmip.ATTRIBUTE);
    writer.text(Kmip.VENDOR_IDENTIFICATION, Kmip.VENDOR);
    writer.text(Kmip.ATTRIBUTE_NAME, name);
    writer.integer(Kmip.ATTRIBUTE_VALUE, value);
    writer.end();
  }

  private static void beginKeyBlock(TtlvWriter writer) {
    writer.begin(Kmip.SYMMETRIC_KEY);
    writer.begin(Kmip.KEY_BLOCK);
    writer.enumeration(Kmip.KEY_FORMAT_TYPE, Kmip.KEY_FORMAT_RAW);
  }

  private static void endKeyBlock(TtlvWriter writer, @Nullable String kekUid) {
    writer.enumeration(Kmip.CRYPTOGRAPHIC_ALGORITHM, Kmip.ALGORITHM_AES);
    writer.integer(Kmip.CRYPTOGRAPHIC_LENGTH, KEY_BITS);
    if (kekUid != null) {
      writer.begin(Kmip.KEY_WRAPPING_DATA);
      writer.enumeration(Kmip.WRAPPING_METHOD, Kmip.WRAPPING_METHOD_ENCRYPT);
      writer.begin(Kmip.ENCRYPTION_KEY_INFORMATION);
      writer.text(Kmip.UNIQUE_IDENTIFIER, kekUid);
      writer.begin(Kmip.CRYPTOGRAPHIC_PARAMETERS);
      writer.enumeration(Kmip.BLOCK_CIPHER_MODE, Kmip.MODE_NIST_KEY_WRAP);
      writer.end();
      writer.end();
      writer.enumeration(Kmip.ENCODING_OPTION, Kmip.ENCODING_NONE);
      writer.end();
    }
    writer.end();
    writer.end();
  }

  /**
   * What the device answered.
   *
   * @return 0 if every batch item succeeded, else the Result Reason of the first that did not; −1
   *     if that is no response
   */
  public static int failure(MemorySegment response) {
    Ttlv message = Ttlv.read(response);
    if (message == null || message.tag() != Kmip.RESPONSE_MESSAGE) {
      return -1;
    }
    int answered = 0;
    for (Ttlv item : message.items()) {
      if (item.tag() == Kmip.BATCH_ITEM) {
        answered++;
        Ttlv status = item.item(Kmip.RESULT_STATUS, Ttlv.ENUMERATION);
        if (status == null || status.asNumber() != Kmip.SUCCESS) {
          int reason = item.enumeration(Kmip.RESULT_REASON);
          return reason == 0 ? -1 : reason;
        }
      }
    }
    return answered == 0 ? -1 : 0;
  }
}
