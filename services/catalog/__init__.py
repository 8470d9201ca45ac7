"""catalog: what people can book or serve at, where and when."""
