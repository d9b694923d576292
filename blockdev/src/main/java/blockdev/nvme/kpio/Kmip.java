package blockdev.nvme.kpio;

/** Numbers of KMIP 2.1 that Key Per I/O needs: tags, and values of enumerations. */
public final class Kmip {
  public static final int VERSION_MAJOR = 2;
  public static final int VERSION_MINOR = 1;

  // Tags.
  public static final int ATTRIBUTE = 0x420008;
  public static final int ATTRIBUTE_NAME = 0x42000A;
  public static final int ATTRIBUTE_VALUE = 0x42000B;
  public static final int BATCH_COUNT = 0x42000D;
  public static final int BATCH_ITEM = 0x42000F;
  public static final int BLOCK_CIPHER_MODE = 0x420011;
  public static final int CRYPTOGRAPHIC_ALGORITHM = 0x420028;
  public static final int CRYPTOGRAPHIC_LENGTH = 0x42002A;
  public static final int CRYPTOGRAPHIC_PARAMETERS = 0x42002B;
  public static final int ENCRYPTION_KEY_INFORMATION = 0x420036;
  public static final int KEY_BLOCK = 0x420040;
  public static final int KEY_FORMAT_TYPE = 0x420042;
  public static final int KEY_MATERIAL = 0x420043;
  public static final int KEY_VALUE = 0x420045;
  public static final int KEY_WRAPPING_DATA = 0x420046;
  public static final int LINK = 0x42004A;
  public static final int LINK_TYPE = 0x42004B;
  public static final int LINKED_OBJECT_IDENTIFIER = 0x42004C;
  public static final int OBJECT_TYPE = 0x420057;
  public static final int OPERATION = 0x42005C;
  public static final int PROTOCOL_VERSION = 0x420069;
  public static final int PROTOCOL_VERSION_MAJOR = 0x42006A;
  public static final int PROTOCOL_VERSION_MINOR = 0x42006B;
  public static final int QUERY_FUNCTION = 0x420074;
  public static final int REQUEST_HEADER = 0x420077;
  public static final int REQUEST_MESSAGE = 0x420078;
  public static final int REQUEST_PAYLOAD = 0x420079;
  public static final int RESPONSE_HEADER = 0x42007A;
  public static final int RESPONSE_MESSAGE = 0x42007B;
  public static final int RESPONSE_PAYLOAD = 0x42007C;
  public static final int RESULT_MESSAGE = 0x42007D;
  public static final int RESULT_REASON = 0x42007E;
  public static final int RESULT_STATUS = 0x42007F;
  public static final int KEY_ROLE_TYPE = 0x420083;
  public static final int SYMMETRIC_KEY = 0x42008F;
  public static final int UNIQUE_BATCH_ITEM_ID = 0x420093;
  public static final int UNIQUE_IDENTIFIER = 0x420094;
  public static final int VENDOR_IDENTIFICATION = 0x42009D;
  public static final int WRAPPING_METHOD = 0x42009E;
  public static final int ENCODING_OPTION = 0x4200A3;
  public static final int ATTRIBUTES = 0x420125;

  // Operation.
  public static final int QUERY = 0x18;
  public static final int DISCOVER_VERSIONS = 0x1E;
  public static final int IMPORT = 0x2A;

  // Other enumerations, each with the one or two values that we use.
  public static final int OBJECT_TYPE_SYMMETRIC_KEY = 2;
  public static final int ALGORITHM_AES = 3;
  public static final int KEY_FORMAT_RAW = 1;
  public static final int WRAPPING_METHOD_ENCRYPT = 1;
  public static final int ENCODING_NONE = 1;
  public static final int MODE_NIST_KEY_WRAP = 0x0D;
  public static final int ROLE_DEK = 3;
  public static final int ROLE_KEK = 0x0B;
  public static final int LINK_PREVIOUS = 0x10A;
  public static final int LINK_NEXT = 0x10B;
  public static final int QUERY_OPERATIONS = 1;
  public static final int QUERY_OBJECTS = 2;

  // Result Status.
  public static final int SUCCESS = 0;
  public static final int OPERATION_FAILED = 1;

  // Result Reason.
  public static final int INVALID_MESSAGE = 0x04;
  public static final int OPERATION_NOT_SUPPORTED = 0x05;
  public static final int CRYPTOGRAPHIC_FAILURE = 0x0A;
  public static final int PERMISSION_DENIED = 0x0C;
  public static final int INVALID_ATTRIBUTE = 0x2C;
  public static final int INVALID_ATTRIBUTE_VALUE = 0x2D;
  public static final int SERVER_LIMIT_EXCEEDED = 0x3A;

  /** Vendor Identification of the attributes that the TCG added. */
  public static final String VENDOR = "TCG";

  public static final String NAMESPACE_ID = "NamespaceID";
  public static final String KEY_TAG = "KeyTag";
  public static final String UID = "UID";

  private Kmip() {}

  /** A Result Reason in words, for people. */
  public static String describe(int reason) {
    return switch (reason) {
      case 0 -> "no failure";
      case INVALID_MESSAGE -> "invalid message";
      case OPERATION_NOT_SUPPORTED -> "operation not supported";
      case CRYPTOGRAPHIC_FAILURE -> "cryptographic failure";
      case PERMISSION_DENIED -> "permission denied";
      case INVALID_ATTRIBUTE -> "invalid attribute";
      case INVALID_ATTRIBUTE_VALUE -> "invalid attribute value";
      case SERVER_LIMIT_EXCEEDED -> "server limit exceeded";
      default -> "reason " + Integer.toHexString(reason) + "h";
    };
  }
}
