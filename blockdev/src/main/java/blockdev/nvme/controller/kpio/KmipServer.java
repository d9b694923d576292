package blockdev.nvme.controller.kpio;

import blockdev.nvme.kpio.Kmip;
import blockdev.nvme.kpio.Ttlv;
import blockdev.nvme.kpio.TtlvWriter;
import inlinecrypt.wrapped.AesKeyWrap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers KMIP requests: Import, Discover Versions, Query. Whatever the bytes are there is a
 * response.
 *
 * <p>A message imports one media encryption key, as two batch items, or key encryption keys. Its
 * items are not one step: what succeeded before a failure stays. A response has no time stamp, for
 * the device has no clock.
 */
final class KmipServer {
  /** Bytes that any response fits into. */
  static final int MAX_RESPONSE_BYTES = 1024;

  static final int MAX_BATCH_ITEMS = 2;

  private static final int NO_FAILURE = 0;
  private static final int MAX_ITEM_ID_BYTES = 64;
  private static final int[] OPERATIONS = {Kmip.IMPORT, Kmip.DISCOVER_VERSIONS, Kmip.QUERY};

  private final KeyPerIo keys;

  KmipServer(KeyPerIo keys) {
    this.keys = keys;
  }

  /**
   * Does what {@code request} asks and writes the answer.
   *
   * @param response at least {@link #MAX_RESPONSE_BYTES}
   * @return bytes of the answer
   */
  int answer(MemorySegment request, MemorySegment response) {
    Ttlv message = Ttlv.read(request);
    List<Ttlv> items = message == null ? null : batchItems(message);
    TtlvWriter writer = new TtlvWriter(response);
    writer.begin(Kmip.RESPONSE_MESSAGE);
    if (items == null) {
      putHeader(writer, 1);
      putItem(writer, null, Kmip.INVALID_MESSAGE);
    } else if (items.size() > MAX_BATCH_ITEMS) {
      putHeader(writer, 1);
      putItem(writer, null, Kmip.SERVER_LIMIT_EXCEEDED);
    } else {
      putHeader(writer, items.size());
      answerItems(writer, items);
    }
    writer.end();
    keys.nonces.endMessage();
    return writer.bytes();
  }

  /** The batch items of a request of a version that we know; null if it is none. */
  private static @Nullable List<Ttlv> batchItems(Ttlv message) {
    Ttlv header = message.structure(Kmip.REQUEST_HEADER);
    Ttlv version = header == null ? null : header.structure(Kmip.PROTOCOL_VERSION);
    if (message.tag() != Kmip.REQUEST_MESSAGE
        || header == null
        || version == null
        || version.integer(Kmip.PROTOCOL_VERSION_MAJOR, 0) != Kmip.VERSION_MAJOR) {
      return null;
    }
    List<Ttlv> items =
        message.items().stream()
            .filter(item -> item.tag() == Kmip.BATCH_ITEM && item.type() == Ttlv.STRUCTURE)
            .toList();
    return items.isEmpty() || header.integer(Kmip.BATCH_COUNT, 0) != items.size() ? null : items;
  }

  private void answerItems(TtlvWriter writer, List<Ttlv> items) {
    for (int i = 0; i < items.size(); i++) {
      Ttlv item = items.get(i);
      if (item.enumeration(Kmip.OPERATION) != Kmip.IMPORT) {
        answerQuestion(writer, item);
        continue;
      }
      ImportedKey key = ImportedKey.read(item.structure(Kmip.REQUEST_PAYLOAD));
      Ttlv nextItem = i + 1 < items.size() ? items.get(i + 1) : null;
      if (key == null) {
        putItem(writer, item, Kmip.INVALID_MESSAGE);
      } else if (key.role() == Kmip.ROLE_KEK) {
        putItem(writer, item, importKek(key));
      } else if (nextItem == null) {
        putItem(writer, item, Kmip.INVALID_MESSAGE);
      } else {
        int failure = importMek(key, nextItem);
        putItem(writer, item, failure);
        putItem(writer, nextItem, failure);
        i++;
      }
    }
  }

  private int importMek(ImportedKey first, Ttlv nextItem) {
    ImportedKey second =
        nextItem.enumeration(Kmip.OPERATION) == Kmip.IMPORT
            ? ImportedKey.read(nextItem.structure(Kmip.REQUEST_PAYLOAD))
            : null;
    String kekUid = first.kekUid();
    if (second == null || second.role() != Kmip.ROLE_DEK || kekUid == null) {
      return Kmip.INVALID_MESSAGE;
    }
    if (second.isFollowedBy(first)) {
      return importMek(second, first, kekUid);
    }
    return first.isFollowedBy(second) ? importMek(first, second, kekUid) : Kmip.INVALID_MESSAGE;
  }

  private int importMek(ImportedKey key1, ImportedKey key2, String kekUid) {
    int namespace = key1.namespace();
    if (!keys.exists(namespace)) {
      return Kmip.INVALID_ATTRIBUTE_VALUE;
    }
    if (!keys.isManaged(namespace)) {
      return Kmip.PERMISSION_DENIED;
    }
    if (key1.keyTag() >= keys.keyTags(namespace)) {
      return Kmip.INVALID_ATTRIBUTE_VALUE;
    }
    int row = keys.keks.row(kekUid);
    if (row == KeyEncryptionKeys.NOT_THERE) {
      return Kmip.INVALID_ATTRIBUTE;
    }
    if (keys.keks.isLocked(row) || !keys.isKekAllowed(namespace, row)) {
      return Kmip.PERMISSION_DENIED;
    }
    byte[] key = new byte[2 * AesKeyWrap.KEK_BYTES];
    try {
      int failure = unwrap(row, key1, key, 0);
      if (failure == NO_FAILURE) {
        failure = unwrap(row, key2, key, AesKeyWrap.KEK_BYTES);
      }
      if (failure != NO_FAILURE) {
        return failure;
      }
      return keys.inject(namespace, key1.keyTag(), key) ? NO_FAILURE : Kmip.CRYPTOGRAPHIC_FAILURE;
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private int importKek(ImportedKey key) {
    KeyEncryptionKeys keks = keys.keks;
    int row = key.row();
    if (row >= KeyEncryptionKeys.ROWS) {
      return Kmip.INVALID_ATTRIBUTE_VALUE;
    }
    int rowOfUid = keks.row(key.uid());
    if (rowOfUid != KeyEncryptionKeys.NOT_THERE && rowOfUid != row) {
      return Kmip.INVALID_ATTRIBUTE_VALUE; // one identifier, one key: our rule
    }
    if (keks.isLocked(row)) {
      return Kmip.PERMISSION_DENIED;
    }
    String kekUid = key.kekUid();
    return kekUid == null ? importPlaintextKek(key) : importWrappedKek(key, kekUid);
  }

  private int importPlaintextKek(ImportedKey key) {
    if (!keys.policies().plaintextKekAllowed() || !keys.keks.isEmpty(key.row())) {
      return Kmip.PERMISSION_DENIED;
    }
    byte[] plaintext = key.copyOfMaterial();
    try {
      if (plaintext.length != AesKeyWrap.KEK_BYTES) {
        return Kmip.INVALID_MESSAGE;
      }
      keys.keks.put(key.row(), key.uid(), plaintext);
      return NO_FAILURE;
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  /** A row's key is replaced by one that the old key wraps. */
  private int importWrappedKek(ImportedKey key, String kekUid) {
    int wrapping = keys.keks.row(kekUid);
    if (wrapping == KeyEncryptionKeys.NOT_THERE) {
      return Kmip.INVALID_ATTRIBUTE;
    }
    if (wrapping != key.row()) {
      return Kmip.PERMISSION_DENIED;
    }
    byte[] plaintext = new byte[AesKeyWrap.KEK_BYTES];
    try {
      int failure = unwrap(wrapping, key, plaintext, 0);
      if (failure == NO_FAILURE) {
        keys.keks.put(key.row(), key.uid(), plaintext);
      }
      return failure;
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  /** Unwraps 32 bytes of key, and with replay protection the nonce behind them. */
  private int unwrap(int row, ImportedKey wrapped, byte[] target, int at) {
    byte[] opened = keys.keks.unwrap(row, wrapped.copyOfMaterial());
    if (opened == null) {
      return Kmip.CRYPTOGRAPHIC_FAILURE;
    }
    try {
      boolean protects = keys.policies().replayProtection();
      if (opened.length != AesKeyWrap.KEK_BYTES + (protects ? Nonces.BYTES : 0)) {
        return Kmip.INVALID_MESSAGE;
      }
      if (protects && !keys.nonces.use(opened)) {
        return Kmip.CRYPTOGRAPHIC_FAILURE;
      }
      System.arraycopy(opened, 0, target, at, AesKeyWrap.KEK_BYTES);
      return NO_FAILURE;
    } finally {
      Arrays.fill(opened, (byte) 0);
    }
  }

  // ---- responses

  private static void answerQuestion(TtlvWriter writer, Ttlv item) {
    int operation = item.enumeration(Kmip.OPERATION);
    if (operation != Kmip.DISCOVER_VERSIONS && operation != Kmip.QUERY) {
      putItem(writer, item, Kmip.OPERATION_NOT_SUPPORTED);
      return;
    }
    beginItem(writer, item);
    writer.enumeration(Kmip.RESULT_STATUS, Kmip.SUCCESS);
    writer.begin(Kmip.RESPONSE_PAYLOAD);
    if (operation == Kmip.DISCOVER_VERSIONS) {
      putVersion(writer);
    } else {
      putCapabilities(writer, item.structure(Kmip.REQUEST_PAYLOAD));
    }
    writer.end();
    writer.end();
  }

  private static void putCapabilities(TtlvWriter writer, @Nullable Ttlv payload) {
    if (asks(payload, Kmip.QUERY_OPERATIONS)) {
      for (int operation : OPERATIONS) {
        writer.enumeration(Kmip.OPERATION, operation);
      }
    }
    if (asks(payload, Kmip.QUERY_OBJECTS)) {
      writer.enumeration(Kmip.OBJECT_TYPE, Kmip.OBJECT_TYPE_SYMMETRIC_KEY);
    }
  }

  private static boolean asks(@Nullable Ttlv payload, int function) {
    return payload != null
        && payload.items().stream()
            .anyMatch(item ->
                item.tag() == Kmip.QUERY_FUNCTION
                    && item.type() == Ttlv.ENUMERATION
                    && item.asNumber() == function);
  }

  private static void putHeader(TtlvWriter writer, int items) {
    writer.begin(Kmip.RESPONSE_HEADER);
    putVersion(writer);
    writer.integer(Kmip.BATCH_COUNT, items);
    writer.end();
  }

  private static void putVersion(TtlvWriter writer) {
    writer.begin(Kmip.PROTOCOL_VERSION);
    writer.integer(Kmip.PROTOCOL_VERSION_MAJOR, Kmip.VERSION_MAJOR);
    writer.integer(Kmip.PROTOCOL_VERSION_MINOR, Kmip.VERSION_MINOR);
    writer.end();
  }

  /** The answer to {@code item}, or to the whole message if that is null. */
  private static void putItem(TtlvWriter writer, @Nullable Ttlv item, int failure) {
    beginItem(writer, item);
    if (failure == NO_FAILURE) {
      writer.enumeration(Kmip.RESULT_STATUS, Kmip.SUCCESS);
    } else {
      writer.enumeration(Kmip.RESULT_STATUS, Kmip.OPERATION_FAILED);
      writer.enumeration(Kmip.RESULT_REASON, failure);
      writer.text(Kmip.RESULT_MESSAGE, Kmip.describe(failure));
    }
    writer.end();
  }

  private static void beginItem(TtlvWriter writer, @Nullable Ttlv item) {
    writer.begin(Kmip.BATCH_ITEM);
    if (item != null) {
      writer.enumeration(Kmip.OPERATION, item.enumeration(Kmip.OPERATION));
      Ttlv id = item.item(Kmip.UNIQUE_BATCH_ITEM_ID, Ttlv.BYTES);
      if (id != null && id.value().byteSize() <= MAX_ITEM_ID_BYTES) {
        writer.byteString(Kmip.UNIQUE_BATCH_ITEM_ID, id.value().toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }
}
