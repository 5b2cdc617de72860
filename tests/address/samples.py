"""Addresses as people paste them: (text, {part: expected}). Parts that are not named are not looked at."""

CHINESE = [
    (
        "张三，13812345678，浙江省杭州市西湖区文三路 123 号 2 单元 501 室",
        {"name": "张三", "phone": "13812345678", "state": "浙", "city": "杭州市", "district": "西湖区",
         "street": "文三路 123 号 2 单元 501 室", "country": "CN", "confidence": 1.0},
    ),
    (
        "浙江省杭州市西湖区文三路123号2单元501室 张三 13812345678",
        {"name": "张三", "district": "西湖区", "street": "文三路123号2单元501室"},
    ),
    (
        "张三13812345678浙江省杭州市西湖区文三路123号",
        {"name": "张三", "phone": "13812345678", "city": "杭州市", "street": "文三路123号"},
    ),
    (
        "浙江省杭州市西湖区文三路123号501室张三13812345678",
        {"name": "张三", "street": "文三路123号501室"},
    ),
    (
        "收货人：李娜\n手机号码：138-1234-5678\n所在地区：广东省 深圳市 南山区 粤海街道\n详细地址：科技园科苑路15号B栋",
        {"name": "李娜", "phone": "138-1234-5678", "state": "粤", "city": "深圳市", "district": "南山区",
         "street": "粤海街道 科技园科苑路15号B栋"},
    ),
    (
        "收件人: 王伟 电话: 18600001111 地址: 北京市朝阳区建国路88号SOHO现代城A座1203 邮编: 100022",
        {"name": "王伟", "state": "京", "city": "北京市", "district": "朝阳区", "zip": "100022"},
    ),
    (
        "欧阳娜娜 +86 139 1234 5678 上海市浦东新区世纪大道100号",
        {"name": "欧阳娜娜", "state": "沪", "city": "上海市", "district": "浦东新区", "street": "世纪大道100号"},
    ),
    (
        "赵六，17012345678-1234，江苏省苏州市昆山市玉山镇前进西路168号",
        {"phone": "17012345678-1234", "city": "苏州市", "district": "昆山市", "street": "玉山镇前进西路168号"},
    ),
    (
        "买买提·艾力 13912345678 新疆维吾尔自治区乌鲁木齐市天山区解放南路1号",
        {"name": "买买提·艾力", "state": "新", "city": "乌鲁木齐市", "district": "天山区"},
    ),
    (
        "内蒙古自治区呼和浩特市赛罕区大学西街235号,周杰,15012345678",
        {"name": "周杰", "state": "蒙", "city": "呼和浩特市", "district": "赛罕区"},
    ),
    (
        "重庆市渝中区解放碑步行街88号 陈晨 023-63801234",
        {"name": "陈晨", "phone": "023-63801234", "state": "渝", "city": "重庆市", "district": "渝中区"},
    ),
    (
        "广西壮族自治区桂林市阳朔县西街 12号 Tom Smith 13512345678",
        {"name": "Tom Smith", "state": "桂", "city": "桂林市", "district": "阳朔县", "street": "西街 12号"},
    ),
    ("济南市市中区经十路100号 马云 13712345678", {"city": "济南市", "district": "市中区", "state": "鲁"}),
    (
        "杭州滨江区江南大道1号幸福小区3栋 孙丽 13612345678",
        {"state": "浙", "city": "杭州市", "district": "滨江区", "street": "江南大道1号幸福小区3栋"},
    ),
    ("香港九龍旺角彌敦道 700 號 陳大文 +852 9123 4567", {"name": "陳大文", "country": "HK", "city": "香港"}),
]  # fmt: skip

WESTERN = [
    (
        "Anna Weber\nHauptstr. 5\n10115 Berlin\nDeutschland\nTel: +49 30 901820\nanna@example.com",
        {"name": "Anna Weber", "street": "Hauptstr. 5", "zip": "10115", "city": "Berlin", "country": "DE",
         "phone": "+49 30 901820", "email": "anna@example.com", "confidence": 1.0},
    ),
    ("Anna Weber, Hauptstraße 5, 10115 Berlin", {"street": "Hauptstraße 5", "zip": "10115", "country": "DE"}),
    (
        "Name: Max Mustermann\nStraße: Am Markt 5a\nPLZ: 80331\nOrt: München\nLand: Deutschland\nHandy: 0171 1234567",
        {"name": "Max Mustermann", "street": "Am Markt 5a", "zip": "80331", "city": "München", "country": "DE"},
    ),
    (
        "Mr John Smith\nFlat 3\n221B Baker Street\nLondon\nNW1 6XE\nUnited Kingdom\n+44 20 7946 0958",
        {"name": "Mr John Smith", "street": "221B Baker Street", "street2": "Flat 3", "city": "London",
         "zip": "NW1 6XE", "country": "GB"},
    ),
    (
        "Jane Doe\n1600 Pennsylvania Avenue NW\nApt 4\nWashington, DC 20500\nUSA\n(202) 456-1111",
        {"city": "Washington", "state": "DC", "zip": "20500", "country": "US", "street2": "Apt 4"},
    ),
    (
        "Jane Doe, 350 Fifth Ave, Suite 3300, New York, NY 10118, USA",
        {"name": "Jane Doe", "street": "350 Fifth Ave", "city": "New York", "state": "NY", "zip": "10118"},
    ),
    (
        "M. Jean Dupont\n12 rue de la Paix\n75002 Paris\nFrance\n01 42 68 53 00",
        {"street": "12 rue de la Paix", "zip": "75002", "city": "Paris", "country": "FR", "phone": "01 42 68 53 00"},
    ),
    ("Giulia Rossi\nVia Roma 10\n00184 Roma\nItaly", {"zip": "00184", "city": "Roma", "country": "IT"}),
    ("Pedro García\nCalle Mayor 12\n28013 Madrid\nEspaña", {"zip": "28013", "city": "Madrid", "country": "ES"}),
    ("Jan de Vries\nKeizersgracht 100\n1015 AA Amsterdam\nNederland", {"zip": "1015 AA", "country": "NL"}),
    ("Jan Kowalski\nul. Marszałkowska 1/2\n00-624 Warszawa\nPolska", {"zip": "00-624", "country": "PL"}),
    ("Erik Svensson\nDrottninggatan 5\n111 51 Stockholm\nSweden", {"zip": "111 51", "city": "Stockholm"}),
    (
        "山田太郎\n〒150-0001\n東京都渋谷区神宮前1-2-3\n日本\n+81 3 1234 5678",
        {"name": "山田太郎", "zip": "150-0001", "city": "渋谷区", "state_name": "東京都", "street": "神宮前1-2-3"},
    ),
    (
        "João Silva\nRua Augusta 100, apto 12\nSão Paulo - SP, 01310-100\nBrasil",
        {"city": "São Paulo", "state": "SP", "zip": "01310-100", "country": "BR"},
    ),
    ("Sean Murphy\n12 Grafton Street\nDublin D02 X285\nIreland", {"zip": "D02 X285", "country": "IE"}),
    ("Emma Brown\n10 George St\nSydney NSW 2000\nAustralia", {"city": "Sydney", "state": "NSW", "zip": "2000"}),
    ("Tan Wei\n10 Anson Road #10-11\nSingapore 079903", {"zip": "079903", "country": "SG"}),
    ("Ahmed Ali\nVilla 12, Al Wasl Road\nDubai\nUnited Arab Emirates", {"city": "Dubai", "country": "AE"}),
    ("Luc Roy\n100 Rue Sainte-Catherine\nMontréal QC H2X 1Z6\nCanada", {"state": "QC", "zip": "H2X 1Z6"}),
]  # fmt: skip
