"""What customers are called and where they live: half in one script, half in another."""

FIRST = ("Anna", "Betty", "Carol", "David", "Emma", "Frank", "Grace", "Henry", "Iris", "Jack", "Kate", "Leo")
LAST = ("Steinway", "Lundgren", "Okafor", "Rossi", "Dubois", "Novak", "Silva", "Haddad", "Smith", "Jones", "Brown")
FAMILY, GIVEN = "张王李赵陈杨黄周吴徐孙马朱胡林", "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀兰霞"
TOWNS = ("London", "Leeds", "York", "Bath", "成都", "台北", "上海", "Lyon", "Porto", "Graz", "Oslo", "Turin")
